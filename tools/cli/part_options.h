/* SPDX-License-Identifier: MIT */
/* What the commands that write parts and buckets have in common: -o FILE, --shard I/N. */
#ifndef CLI_PART_OPTIONS_H
#define CLI_PART_OPTIONS_H

#include "neardup.h"
#include "option_table.h"

typedef struct cli_part_options {
    const char *output;
    const char *shard; /* "I/N" */
} cli_part_options;

extern const cli_option cli_part_table[];

/* Reads --shard, which is from 1 to N, and asks for -o. Gives CLI_GO_ON or an exit status. */
int cli_part_resolve(ndup_shard *shard, const cli_part_options *typed, const cli_command *command);

#endif
