/* SPDX-License-Identifier: MIT */
/* The options of `eval`. */
#ifndef CLI_EVAL_OPTIONS_H
#define CLI_EVAL_OPTIONS_H

#include "group_options.h"
#include "input_options.h"
#include "job.h"
#include "matching_options.h"

#define CLI_SWEEP_USUAL "0.3:0.95:0.05"

typedef struct cli_eval_own_options {
    const char *gold;
    const char *gold_kind;
    const char *positive;
    const char *ignore;
    cli_count cluster_column;
    const char *level;
    const char *sweep;
    const char *predicted;
    bool force;
    bool csv_raw;
    bool json;
    bool exact;
} cli_eval_own_options;

typedef struct cli_eval_options {
    cli_matching_options matching;
    cli_keep_options keep;
    cli_input_options inputs;
    cli_talk_options talk;
    cli_thread_options threads;
    cli_eval_own_options own;
    cli_group_options groups;
} cli_eval_options;

/* Ends with a NULL title. */
extern const cli_group cli_eval_option_groups[];

/* Whether what was typed can be measured of groups, which have no threshold and no preset:
 * CLI_GO_ON or an exit status. */
int cli_eval_check_level(const cli_eval_options *typed);

#endif
