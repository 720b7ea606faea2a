/* SPDX-License-Identifier: MIT */
/* Interrupts: the first one ends the program at once, wherever it is, and leaves nothing behind. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

/* What is to be said of an interrupted run. */
typedef struct cli_interrupt_manner {
    bool is_silent;      /* the run is over */
    bool is_json;        /* as a line of JSON */
    bool clears_line;    /* the line of progress may stand there */
    bool is_stdout_open; /* an output goes to standard output as it comes */
    bool changes_index;  /* what was finished stays in an index */
} cli_interrupt_manner;

/* From now on the first SIGINT, SIGTERM or SIGHUP wakes a thread that removes what outputs have
 * begun, says so, and ends the program by that signal: a shell that runs it in a loop then stops,
 * too. The run need not come to a place where it asks. A signal over a second after the first one
 * ends the program without any of that. */
void cli_signals_catch(void);

/* Until the next call. Threads: any. */
void cli_signals_describe(cli_interrupt_manner manner);

/* A child that is sent the signal before the program ends; 0 for none. */
void cli_signals_forward(int child);

/* A write to a pipe that nobody reads fails instead of ending the program, so that outputs that
 * were begun can be removed. */
void cli_signals_ignore_pipe(void);

/* Ends the program by the signal that came, if one did. */
void cli_signals_pass_on(void);

/* Whether one of them came. What feeds standard input through a pipe is often interrupted too, so a
 * run that then came to its end must not be taken for a whole one. */
bool cli_cancelled(void);

#endif
