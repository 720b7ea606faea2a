/* SPDX-License-Identifier: MIT */
/* What the terminal can do: whether there is one, its width, colours. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Colours of one stream. Every member is an escape sequence, or empty. */
typedef struct cli_colours {
    const char *bold;
    const char *dim;
    const char *good;   /* green */
    const char *marked; /* yellow */
    const char *plain;  /* back to normal */
} cli_colours;

bool cli_is_terminal(FILE *stream);

/* Whether another program reads the stream. */
bool cli_is_pipe(FILE *stream);

/* Columns of the stream's terminal: COLUMNS where set, else what the terminal says, else 80. */
unsigned cli_terminal_width(FILE *stream);

/* Lines of the stream's terminal: LINES where set, else what the terminal says, else 24. */
unsigned cli_terminal_height(FILE *stream);

/* `when` is "always", "never", or "auto" or NULL: on terminals, unless NO_COLOR is set or TERM is
 * dumb. */
const cli_colours *cli_terminal_colours(FILE *stream, const char *when);

/* "auto", "always", "never". */
const char *cli_colour_choice(size_t i);

#endif
