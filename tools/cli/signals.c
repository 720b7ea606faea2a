/* SPDX-License-Identifier: MIT */
/* Signal handlers. */
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

static volatile sig_atomic_t caught;

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof ending_signals / sizeof *ending_signals };

/* The number of the first signal is noted, the second one ends the program. Both may have come
 * before this runs for the first. */
static void handle(int signal_number)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(ending_signals[i], &usual, NULL);
    }
    if (caught) {
        raise(signal_number);
    }
    caught = signal_number;
}

/* A signal that was ignored when the program started (nohup) stays ignored. */
void cli_signals_catch(void)
{
    struct sigaction action = {.sa_handler = handle};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction before;
        if (sigaction(ending_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(ending_signals[i], &action, NULL);
        }
    }
}

void cli_signals_ignore_pipe(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
}

void cli_signals_pass_on(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    int number = caught;
    if (number != 0) {
        fflush(NULL);
        sigaction(number, &usual, NULL);
        raise(number);
    }
}

bool cli_cancelled(void)
{
    return caught != 0;
}
