/* SPDX-License-Identifier: MIT */
/* A file in the place of the terminal. */
#include "screen.h"

#include <unistd.h>

#include "pager.h"
#include "terminal.h"

void cli_screen_hold(cli_screen *screen)
{
    *screen = (cli_screen){.held = NULL};
    if (!cli_is_terminal(stdout)) {
        return;
    }
    fflush(stdout);
    FILE *held = tmpfile();
    if (held == NULL) { /* shown as it comes */
        return;
    }
    screen->terminal = dup(STDOUT_FILENO);
    if (screen->terminal < 0 || dup2(fileno(held), STDOUT_FILENO) < 0) {
        fclose(held);
        return;
    }
    screen->held = held;
}

/* Puts the terminal back. Gives the descriptor of what was held, at its beginning. */
static int release(cli_screen *screen)
{
    fflush(stdout);
    dup2(screen->terminal, STDOUT_FILENO);
    close(screen->terminal);
    lseek(fileno(screen->held), 0, SEEK_SET);
    return fileno(screen->held);
}

static unsigned long count_lines(int descriptor)
{
    char bytes[8192];
    unsigned long lines = 0;
    for (ssize_t got; (got = read(descriptor, bytes, sizeof bytes)) > 0;) {
        for (ssize_t i = 0; i < got; i++) {
            lines += bytes[i] == '\n';
        }
    }
    lseek(descriptor, 0, SEEK_SET);
    return lines;
}

static void copy(int descriptor)
{
    char bytes[8192];
    for (ssize_t got; (got = read(descriptor, bytes, sizeof bytes)) > 0;) {
        fwrite(bytes, 1, (size_t)got, stdout);
    }
    fflush(stdout);
}

void cli_screen_show(cli_screen *screen, bool pages)
{
    if (screen->held == NULL) {
        return;
    }
    int held = release(screen);
    bool is_long = count_lines(held) >= cli_terminal_height(stdout);
    if (!is_long || !pages || !cli_pager_show(held)) {
        copy(held);
    }
    fclose(screen->held);
    screen->held = NULL;
}

void cli_screen_drop(cli_screen *screen)
{
    if (screen->held != NULL) {
        release(screen);
        fclose(screen->held);
        screen->held = NULL;
    }
}
