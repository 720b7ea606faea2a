/* SPDX-License-Identifier: MIT */
/* Shards are counted from 1, as job arrays and parallel count. */
#include "part_options.h"

#include <string.h>

#include "console.h"
#include "value.h"

enum { NUMBER_BYTES = 24 };

const cli_option cli_part_table[] = {
    {.name = "output",
     .letter = 'o',
     .kind = CLI_TEXT,
     .offset = offsetof(cli_part_options, output),
     .argument = "FILE",
     .is_path = true,
     .help = "the file to write; one of the same kind is replaced"},
    {.name = "shard",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_part_options, shard),
     .argument = "I/N",
     .standard = "1/1",
     .help = "do share I of N only, from 1/N to N/N: one job a share, on any machines"},
    {.name = NULL}};

static bool parse(ndup_shard *shard, const char *typed)
{
    char first[NUMBER_BYTES] = "";
    uint64_t number;
    uint64_t of;
    const char *slash = strchr(typed, '/');
    if (slash == NULL || slash - typed >= NUMBER_BYTES) {
        return false;
    }
    memcpy(first, typed, (size_t)(slash - typed));
    if (!cli_value_count(&number, first) || !cli_value_count(&of, slash + 1) || number < 1 ||
        number > of || of > UINT32_MAX) {
        return false;
    }
    *shard = (ndup_shard){(uint32_t)(number - 1), (uint32_t)of};
    return true;
}

int cli_part_resolve(ndup_shard *shard, const cli_part_options *typed, const cli_command *command)
{
    *shard = (ndup_shard){0, 1};
    if (typed->output == NULL) {
        return cli_usage_error(command, "no output given: say where to write, with -o FILE");
    }
    if (typed->shard != NULL && !parse(shard, typed->shard)) {
        return cli_usage_error(command, "--shard %s: must be I/N, such as 3/17, from 1/N to N/N",
                               typed->shard);
    }
    return CLI_GO_ON;
}
