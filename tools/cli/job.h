/* SPDX-License-Identifier: MIT */
/* A run as seen from the command line: hooks for progress, cancelling, problems and notices, and
 * the exit status at its end. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup.h"
#include "option_table.h"
#include "problems.h"
#include "progress_line.h"
#include "screen.h"

/* The options of every command that runs for long. */
typedef struct cli_talk_options {
    const char *progress;
    const char *colour;
    bool quiet;
} cli_talk_options;

extern const cli_option cli_talk_table[];

/* -j, of the commands whose work is divided. */
typedef struct cli_thread_options {
    cli_count threads;
} cli_thread_options;

extern const cli_option cli_thread_table[];

/* Outputs that are named after a failure; of more, the first. */
enum { CLI_WRITTEN_MOST = 64 };

/* Threads: single-owner; its hooks are called from one thread at a time. Must not move. */
typedef struct cli_job {
    cli_progress progress;
    ndup_hooks hooks;
    const cli_command *command;
    const char *colour;
    bool quiet;
    bool writes_stdout;        /* an output goes to standard output */
    bool writes_while_reading; /* from the first document on, not only in its own stage */
    bool changes_index;        /* step by step: what is finished stays */
    bool pages;                /* what is shown may go to a pager */
    uint64_t skipped;          /* problems whose document or file is not part of the run */
    cli_problems problems;     /* that wait to be printed */
    const char *written[CLI_WRITTEN_MOST]; /* outputs in their place, to name after a failure;
                                              borrowed. No list: memory may be what is missing */
    size_t written_count;
    bool stdout_failed;
    double start;
    double seconds; /* from begin to end, without the time of reading what is shown */
    cli_screen screen;
} cli_job;

/* Also starts to catch signals. */
void cli_job_begin(cli_job *job, const cli_command *command, const cli_talk_options *talk);

/* ndup_dedup, in a work folder unless that is NULL, with the job's hooks; CANCELLED too when an
 * interrupt came and the run did not see it. */
ndup_status cli_job_dedup(const cli_job *job, ndup_result **result, ndup_work *work,
                          ndup_corpus *corpus, const ndup_dedup_options *options,
                          ndup_error *error);

/* An output goes to standard output. */
void cli_job_use_stdout(cli_job *job);

/* The run changes an index step by step. */
void cli_job_changes_index(cli_job *job);

/* Before the command writes to standard output while the run goes on: on a terminal it is shown by
 * cli_job_end, in a pager if it is long and `pages` is set. */
void cli_job_hold_stdout(cli_job *job, bool pages);

/* Ends the progress line, prints the problems, and shows what was held or waits to be written to
 * standard output. Before anything else is printed. */
void cli_job_end(cli_job *job);

/* Notes an output that is in its place. */
void cli_job_note_written(cli_job *job, const char *output);

/* Ends the job after a failure: says what failed and what was written all the same, and gives the
 * exit status. After an interrupt the program ends here. */
int cli_job_fail(cli_job *job, const ndup_error *error);

/* The exit status of a job that came to its end: whether --check found too much, what the
 * library skipped, and whether documents could not be read as words. Ends standard output. */
int cli_job_status(cli_job *job, bool is_over, uint64_t skipped, bool is_unread);

/* Whether standard error carries JSON lines. */
bool cli_job_is_json(const cli_job *job);

#endif
