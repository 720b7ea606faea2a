/* SPDX-License-Identifier: MIT */
/* Lines of a pipe as they come: whoever writes one may wait for an answer before the next. */
#ifndef CLI_INPUT_LINES_H
#define CLI_INPUT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup.h"

typedef enum cli_line_kind {
    CLI_LINE_NONE, /* no whole line is there */
    CLI_LINE_WHOLE,
    CLI_LINE_TOO_LONG /* it was passed over */
} cli_line_kind;

/* Zero-initialise and set the descriptor and the limit. Threads: single-owner. */
typedef struct cli_input_lines {
    int descriptor;
    size_t most; /* bytes of a line */
    char *bytes; /* [capacity], of which begin..end are not taken yet */
    size_t begin, end, capacity;
    size_t searched; /* there is no line end before here */
    bool is_ended;   /* nothing more comes */
    bool is_passing; /* within a line that is too long */
} cli_input_lines;

/* The next line that is there, without its end; of the last one that need not be there. It stays
 * until cli_lines_wait. */
cli_line_kind cli_lines_take(ndup_text *line, cli_input_lines *lines);

/* Waits for more bytes. *more is false at the end of the input. Errors: IO. */
ndup_status cli_lines_wait(bool *more, cli_input_lines *lines, ndup_error *error);

void cli_lines_free(cli_input_lines *lines);

#endif
