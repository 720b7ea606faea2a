/* SPDX-License-Identifier: MIT */
/* What the commands of a run in stages have in common. */
#ifndef CLI_SHARD_OPTIONS_H
#define CLI_SHARD_OPTIONS_H

#include "job.h"
#include "neardup.h"
#include "option_table.h"

/* Filled by the tables below and by cli_shard_resolve. */
typedef struct cli_shard_options {
    const char *output;
    const char *shard; /* "i/N" */
    cli_list components;
    cli_list counts;
    cli_list decisions;
    cli_count memory;
    const char *temporary_folder;
} cli_shard_options;

extern const cli_option cli_shard_output_table[];    /* -o FILE */
extern const cli_option cli_shard_table[];           /* --shard */
extern const cli_option cli_shard_component_table[]; /* --components */
extern const cli_option cli_shard_count_table[];     /* --counts */
extern const cli_option cli_shard_decision_table[];  /* --decisions */
extern const cli_option cli_shard_resource_table[];  /* --memory and --temp-dir */

/* Reads "i/N", from 1 to N; NULL is 1/1. Gives CLI_GO_ON or an exit status. */
int cli_shard_parse(uint32_t *shard, uint32_t *shards, const char *typed,
                    const cli_command *command);

/* The files that a command was given, each told by its first bytes, and what to do with them.
 * Threads: single-owner. */
typedef struct cli_shard_plan {
    ndup_shard_options options;
    cli_list parts;
    cli_list components;
    cli_list counts;
    cli_list decisions;
} cli_shard_plan;

/* Takes operands and options apart; refuses files that the command has no use for, of which
 * `wanted` has no bit (1 << NDUP_STAGE_FILE_...). Gives CLI_GO_ON or an exit status; either way the
 * plan is to be freed. */
int cli_shard_resolve(cli_shard_plan *plan, const cli_shard_options *typed,
                      const cli_operands *operands, unsigned wanted, const cli_command *command);
void cli_shard_plan_free(cli_shard_plan *plan);

/* Ends the job of a stage that wrote `output`: says so, or what failed. Gives the exit status. */
int cli_shard_end(cli_job *job, ndup_status status, const char *output, const ndup_error *error);

#endif
