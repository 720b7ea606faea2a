/* SPDX-License-Identifier: MIT */
/* --list: how much of what was found is shown on standard output, and --no-pager. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "option_table.h"
#include "output_options.h"

typedef struct cli_listing_options {
    const char *list; /* N, "all" or "none" */
    bool no_pager;
} cli_listing_options;

extern const cli_option cli_listing_table[];

/* What the options mean. */
typedef struct cli_listing {
    bool asked;    /* --list was given */
    uint64_t most; /* 0 = nothing is listed, UINT64_MAX = all */
} cli_listing;

/* Reads the options; `usual` is for where --list is not given. Refuses a
 * listing between the bytes of an output. Gives CLI_GO_ON or an exit status. */
int cli_listing_resolve(cli_listing *listing, const cli_listing_options *options, uint64_t usual,
                        const cli_output_options *outputs, const cli_command *command);

#endif
