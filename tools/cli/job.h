/* SPDX-License-Identifier: MIT */
/* A run as seen from the command line: hooks for progress, cancelling, problems and notices, and
 * the exit status at its end. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup.h"
#include "option_table.h"
#include "progress_line.h"

/* The options of every command that runs for long. */
typedef struct cli_talk_options {
    const char *progress;
    const char *colour;
    bool quiet;
} cli_talk_options;

extern const cli_option cli_talk_table[];

/* Threads: single-owner; its hooks are called from one thread at a time. Must not move. */
typedef struct cli_job {
    cli_progress progress;
    ndup_hooks hooks;
    const cli_command *command;
    const char *colour;
    bool quiet;
    bool writes_stdout; /* an output goes to standard output */
    uint64_t skipped;   /* problems whose document or file is not part of the run */
    uint64_t problems;
    double start;
} cli_job;

/* Also starts to catch signals. */
void cli_job_begin(cli_job *job, const cli_command *command, const cli_talk_options *talk);

/* ndup_dedup with the job's hooks; CANCELLED too when an interrupt came and the run did not see it.
 */
ndup_status cli_job_dedup(const cli_job *job, ndup_result **result, ndup_corpus *corpus,
                          const ndup_dedup_options *options, ndup_error *error);

/* Ends the progress line and says how many problems were not printed. Before anything else is
 * printed. */
void cli_job_end(cli_job *job);

/* Ends the job after a failure: says what failed, or that it was cancelled. Gives the exit status.
 */
int cli_job_fail(cli_job *job, const ndup_error *error);

/* Whether standard error carries JSON lines. */
bool cli_job_is_json(const cli_job *job);

#endif
