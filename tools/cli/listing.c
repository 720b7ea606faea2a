/* SPDX-License-Identifier: MIT */
/* Reading --list. */
#include "listing.h"

#include <string.h>

#include "value.h"

const cli_option cli_listing_table[] = {
    {.name = "list",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_listing_options, list),
     .argument = "N|all|none",
     .help = "list the N largest groups, or the first N repeats, on standard output; where not "
             "given, dedup lists 5 on a terminal, flag all unless there are outputs, and --check "
             "its lines instead"},
    {.name = "no-pager",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_listing_options, no_pager),
     .help = "do not show lists that are longer than the terminal in a pager ($NEARDUP_PAGER, "
             "$PAGER or less)"},
    {.name = NULL}};

int cli_listing_resolve(cli_listing *listing, const cli_listing_options *options, uint64_t usual,
                        const cli_output_options *outputs, const cli_command *command)
{
    const char *list = options->list;
    *listing = (cli_listing){.asked = list != NULL, .most = usual};
    if (list == NULL) {
        return CLI_GO_ON;
    }
    if (strcmp(list, "all") == 0) {
        listing->most = UINT64_MAX;
    } else if (strcmp(list, "none") == 0) {
        listing->most = 0;
    } else if (!cli_value_count(&listing->most, list)) {
        return cli_usage_error(command, "--list: '%s' is not a number, all or none", list);
    }
    if (listing->most > 0 && cli_outputs_use_stdout(outputs)) {
        return cli_usage_error(command, "--list: standard output is taken by an output");
    }
    return CLI_GO_ON;
}
