/* SPDX-License-Identifier: MIT */
/* --against: what an index or another corpus has is removed from the inputs of a run. */
#ifndef CLI_AGAINST_H
#define CLI_AGAINST_H

#include "index_options.h"
#include "input_options.h"
#include "job.h"
#include "matching_options.h"

typedef struct cli_against_options {
    const char *path;
    bool add;
    const char *known; /* a file for the answers */
} cli_against_options;

extern const cli_option cli_against_table[];
#define CLI_AGAINST_TITLE "Against what is there already"

/* Zero-initialise. */
typedef struct cli_against {
    const cli_against_options *typed;
    ndup_index *index;
    uint64_t documents, known, updates;
    uint64_t added;
} cli_against;

/* Whether the options fit together, and a run's options to the index: where nothing is typed they
 * are those of the index. Gives CLI_GO_ON or an exit status. */
int cli_against_check(const cli_against_options *typed, const cli_command *command);

/* Opens the index, or makes one of the other corpus for this run; the run compares as the index
 * does. INVALID where `matching` names something else. */
ndup_status cli_against_open(cli_against *against, ndup_dedup_options *options,
                             const cli_matching_options *matching, const cli_input_options *inputs,
                             cli_job *job, ndup_error *error);

/* Leaves out of the corpus what is known. */
ndup_status cli_against_leave_out(cli_against *against, ndup_corpus *corpus, bool overwrite,
                                  cli_job *job, ndup_error *error);

/* With --add: adds the documents that the result keeps. After all outputs are in their places. */
ndup_status cli_against_add(cli_against *against, const ndup_result *result, ndup_corpus *corpus,
                            cli_job *job, ndup_error *error);

/* Says how many documents were known, and added. */
void cli_against_print(const cli_against *against, const cli_job *job);
void cli_against_close(cli_against *against);

#endif
