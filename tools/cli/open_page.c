/* SPDX-License-Identifier: MIT */
/* Starting a browser. */
#include "open_page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "console.h"

#ifdef __APPLE__
#define DESKTOP_OPENER "open"
#else
#define DESKTOP_OPENER "xdg-open"
#endif
enum { PATH_BYTES = 4200, SCRIPT_BYTES = 1000, NOT_STARTED = 127 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool has_display(void)
{
#ifdef __APPLE__
    return !is_set("SSH_CONNECTION");
#else
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
#endif
}

/* In the child: apart from the terminal, so that neither ends or writes on the other. */
static void leave_terminal(void)
{
    int nothing = open("/dev/null", O_RDWR);
    setsid();
    for (int i = 0; nothing >= 0 && i <= STDERR_FILENO; i++) {
        dup2(nothing, i);
    }
}

/* Starts a program; waits for it where it runs in the terminal. False when it cannot be started. */
static bool start(char *const words[], bool in_terminal)
{
    int told[2]; /* a byte comes when the program could not be started */
    int status = 0;
    char byte;
    if (pipe(told) != 0) {
        return false;
    }
    fcntl(told[0], F_SETFD, FD_CLOEXEC);
    fcntl(told[1], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child == 0) {
        if (!in_terminal) {
            leave_terminal();
        }
        execvp(words[0], words);
        ssize_t told_so = write(told[1], "!", 1);
        _exit(told_so == 1 ? NOT_STARTED : NOT_STARTED + 1);
    }
    close(told[1]);
    bool started = child > 0 && read(told[0], &byte, 1) == 0;
    close(told[0]);
    while (child > 0 && in_terminal && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return started && !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED);
}

/* The first command of $BROWSER as a script whose first argument is the page. */
static void browser_script(char script[SCRIPT_BYTES], const char *browser)
{
    int length = (int)strcspn(browser, ":");
    const char *place = strstr(browser, "%s");
    if (place != NULL && place < browser + length) {
        int before = (int)(place - browser);
        snprintf(script, SCRIPT_BYTES, "%.*s\"$1\"%.*s", before, browser, length - before - 2,
                 place + 2);
    } else {
        snprintf(script, SCRIPT_BYTES, "%.*s \"$1\"", length, browser);
    }
}

static bool open_page(char *page)
{
    if (is_set("BROWSER")) {
        char script[SCRIPT_BYTES];
        browser_script(script, getenv("BROWSER"));
        char *words[] = {"/bin/sh", "-c", script, "sh", page, NULL};
        return start(words, !has_display());
    }
    char *words[] = {DESKTOP_OPENER, page, NULL};
    return has_display() && start(words, false);
}

/* The page that an output is; false where it is none that a browser reads. */
static bool find_page(char page[PATH_BYTES], const char *output)
{
    size_t format = strcspn(output, ":");
    const char *path = output + format + 1;
    const char *suffix = strrchr(path, '.');
    bool is_packed = suffix != NULL && (strcmp(suffix, ".gz") == 0 || strcmp(suffix, ".zst") == 0);
    bool is_folder = format == strlen("pages") && strncmp(output, "pages", format) == 0;
    bool is_file = format == strlen("html") && strncmp(output, "html", format) == 0;
    if ((!is_folder && !is_file) || is_packed || strcmp(path, "-") == 0) {
        return false;
    }
    /* No opener takes it for an option. */
    int length = snprintf(page, PATH_BYTES, "%s%s%s", path[0] == '-' ? "./" : "", path,
                          is_folder ? "/index.html" : "");
    return length > 0 && length < PATH_BYTES;
}

bool cli_outputs_have_page(const cli_output_options *options)
{
    char page[PATH_BYTES];
    bool found = false;
    for (size_t i = 0; i < options->outputs.count; i++) {
        found |= find_page(page, options->outputs.items[i]);
    }
    return found;
}

void cli_open_page(const cli_output_options *options)
{
    char page[PATH_BYTES];
    for (size_t i = 0; options->open && i < options->outputs.count; i++) {
        if (find_page(page, options->outputs.items[i])) {
            if (!open_page(page)) {
                cli_complain("no browser could be started here; the page is %s", page);
            }
            return;
        }
    }
}
