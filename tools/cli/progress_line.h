/* SPDX-License-Identifier: MIT */
/* Progress on standard error: one line redrawn on a terminal, or JSON lines. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup.h"

typedef enum cli_progress_mode {
    CLI_PROGRESS_NEVER,
    CLI_PROGRESS_LINE,
    CLI_PROGRESS_JSON
} cli_progress_mode;

/* Threads: one at a time. */
typedef struct cli_progress {
    cli_progress_mode mode;
    bool is_forced; /* "always" */
    bool in_stage;
    bool line_shown;
    ndup_stage stage;
    double stage_start; /* seconds of a monotonic clock */
    double last_drawn;
} cli_progress;

/* `when` is "auto", "always", "never" or "json"; NULL is "auto": a terminal and not quiet. */
void cli_progress_init(cli_progress *progress, const char *when, bool quiet);

/* Shows where the run stands, at most five times a second. */
void cli_progress_show(cli_progress *progress, const ndup_progress *now);

/* Takes the line away, so that words can be printed; the next cli_progress_show draws it again. */
void cli_progress_clear(cli_progress *progress);

/* "auto", "always", "never", "json". */
const char *cli_progress_choice(size_t i);

/* Seconds of a monotonic clock. */
double cli_seconds(void);

#endif
