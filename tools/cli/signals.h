/* SPDX-License-Identifier: MIT */
/* Interrupts: the first asks the run to stop and clean up, the second ends the program at once. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

/* From now on the first SIGINT, SIGTERM or SIGHUP is noted instead of ending the program. What
 * feeds standard input through a pipe is often interrupted too, so a run that then came to an end
 * must not be taken for a whole one. */
void cli_signals_catch(void);

/* A write to a pipe that nobody reads fails instead of ending the program, so that outputs that
 * were begun can be removed. */
void cli_signals_ignore_pipe(void);

/* Ends the program by the signal that came, if one did: a shell that runs it in a loop then stops,
 * too. When everything has been cleaned up. */
void cli_signals_pass_on(void);

/* Whether one of them came. */
bool cli_cancelled(void);

#endif
