/* SPDX-License-Identifier: MIT */
/* The options that say what copies and stories are; `group` and `eval` share them. */
#ifndef CLI_GROUP_OPTIONS_H
#define CLI_GROUP_OPTIONS_H

#include "neardup.h"
#include "option_table.h"

typedef struct cli_group_options {
    cli_number share;
    cli_number within;
    cli_number bar;
} cli_group_options;

/* Fills the struct above. */
extern const cli_option cli_group_table[];

/* Turns what was typed into options of the library. */
ndup_group_options cli_group_resolve(const cli_group_options *typed, uint64_t threads);

#endif
