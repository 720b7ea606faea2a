/* SPDX-License-Identifier: MIT */
/* How an index is opened and asked: options that its commands share. */
#ifndef CLI_INDEX_OPTIONS_H
#define CLI_INDEX_OPTIONS_H

#include "job.h"
#include "neardup.h"
#include "option_table.h"

/* Of every command that may change an index. */
typedef struct cli_index_write_options {
    const char *sync;
    cli_number lock_timeout;
} cli_index_write_options;

/* Of every command that asks. */
typedef struct cli_index_ask_options {
    cli_count matches;
    const char *within;
    const char *as; /* "auto", "text", "json", "none" */
} cli_index_ask_options;

extern const cli_option cli_index_write_table[];
extern const cli_option cli_index_ask_table[];
#define CLI_INDEX_TITLE "Index"
#define CLI_ANSWER_TITLE "Answers"

/* A length of time in days: "30d", "12h", "2w", or days without a letter. False for all else. */
bool cli_parse_days(double *days, const char *text);

/* How to open an index that may be changed; NULL for one that is only read. */
ndup_index_open_options cli_index_opening(const cli_index_write_options *write);

/* Opens an index; `write` may be NULL, and the index is then opened for reading only. Its problems
 * go to the job. */
ndup_status cli_index_open(ndup_index **index, const char *path,
                           const cli_index_write_options *write, cli_job *job, ndup_error *error);

/* Fills the query of what was typed. Gives CLI_GO_ON or an exit status. */
int cli_index_ask_resolve(ndup_index_query *query, const cli_index_ask_options *typed,
                          const cli_command *command);

#endif
