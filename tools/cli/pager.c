/* SPDX-License-Identifier: MIT */
/* Running the pager. */
#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"

#define USUAL_PAGER "less"
/* F: no pager for what is short; R: colours; X: leaves the text where it is. */
#define USUAL_LESS "FRX"
enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

static const char *set_variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The command line of the pager, or NULL. */
static const char *find_pager(void)
{
    const char *terminal = getenv("TERM");
    if (set_variable("CI") != NULL || terminal == NULL || strcmp(terminal, "dumb") == 0) {
        return NULL;
    }
    const char *pager = getenv("NEARDUP_PAGER");
    pager = pager != NULL ? pager : getenv("PAGER");
    pager = pager != NULL ? pager : USUAL_PAGER;
    return pager[0] == '\0' || strcmp(pager, "cat") == 0 ? NULL : pager;
}

/* In the child: becomes the pager. */
static void become(const char *pager, int descriptor)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(SIGPIPE, &usual, NULL);
    sigaction(SIGINT, &usual, NULL);
    dup2(descriptor, STDIN_FILENO);
    setenv("LESS", USUAL_LESS, 0);
    execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
    _exit(NOT_FOUND);
}

/* Waits for the child; the keys that interrupt belong to it meanwhile. */
static int wait_for(pid_t child)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    int status = 0;
    sigaction(SIGINT, &ignore, &before);
    cli_signals_forward((int)child);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    cli_signals_forward(0);
    sigaction(SIGINT, &before, NULL);
    return status;
}

bool cli_pager_show(int descriptor)
{
    const char *pager = find_pager();
    if (pager == NULL) {
        return false;
    }
    pid_t child = fork();
    if (child < 0) {
        return false;
    }
    if (child == 0) {
        become(pager, descriptor);
    }
    int status = wait_for(child);
    bool started = !WIFEXITED(status) ||
                   (WEXITSTATUS(status) != NOT_FOUND && WEXITSTATUS(status) != NOT_EXECUTABLE);
    if (!started) { /* it may have read some */
        lseek(descriptor, 0, SEEK_SET);
    }
    return started;
}
