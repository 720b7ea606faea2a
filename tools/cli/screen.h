/* SPDX-License-Identifier: MIT */
/* Standard output on a terminal: held back until a run is over, then shown, in a pager when long.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/* Threads: single-owner. Zero-initialise. */
typedef struct cli_screen {
    FILE *held;   /* what was written instead, or NULL */
    int terminal; /* standard output itself */
} cli_screen;

/* From now on what is written to standard output waits in a temporary file, if that is a terminal:
 * so nothing stands in front of it or between its lines. */
void cli_screen_hold(cli_screen *screen);

/* Shows what waits and ends the waiting: in the pager where it is longer than the terminal and
 * `pages` is set. Does nothing where nothing was held. */
void cli_screen_show(cli_screen *screen, bool pages);

/* Forgets what waits. */
void cli_screen_drop(cli_screen *screen);

#endif
