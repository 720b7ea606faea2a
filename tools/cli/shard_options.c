/* SPDX-License-Identifier: MIT */
/* Options of the commands that work on shards, and the files that they are given. */
#include "shard_options.h"

#include <stdio.h>
#include <string.h>

#include "console.h"
#include "value.h"

#define MEMORY_MOST 0x1p60
#define SHARD_BYTES 24

const cli_option cli_shard_output_table[] = {
    {.name = "output",
     .letter = 'o',
     .kind = CLI_TEXT,
     .offset = offsetof(cli_shard_options, output),
     .argument = "FILE",
     .is_path = true,
     .help = "the file to write; one of the same kind that stands there is replaced"},
    {.name = NULL}};

const cli_option cli_shard_table[] = {{.name = "shard",
                                       .kind = CLI_TEXT,
                                       .offset = offsetof(cli_shard_options, shard),
                                       .argument = "I/N",
                                       .standard = "1/1",
                                       .help = "work on share I of N, from 1/N to N/N"},
                                      {.name = NULL}};

const cli_option cli_shard_component_table[] = {
    {.name = "components",
     .kind = CLI_LIST,
     .offset = offsetof(cli_shard_options, components),
     .argument = "FILE",
     .is_path = true,
     .help = "what 'neardup components' wrote; it may stand among the operands, too"},
    {.name = NULL}};

const cli_option cli_shard_count_table[] = {
    {.name = "counts",
     .kind = CLI_LIST,
     .offset = offsetof(cli_shard_options, counts),
     .argument = "FILE",
     .is_path = true,
     .help = "what 'neardup count' wrote, of all shards; may be repeated, or stand among the "
             "operands"},
    {.name = NULL}};

const cli_option cli_shard_decision_table[] = {
    {.name = "decisions",
     .kind = CLI_LIST,
     .offset = offsetof(cli_shard_options, decisions),
     .argument = "FILE",
     .is_path = true,
     .help = "what 'neardup verify' wrote, of all shards; may be repeated, or stand among the "
             "operands"},
    {.name = NULL}};

const cli_option cli_shard_resource_table[] = {
    {.name = "memory",
     .kind = CLI_SIZE,
     .offset = offsetof(cli_shard_options, memory),
     .argument = "SIZE",
     .range = {.least = 1, .most = MEMORY_MOST},
     .standard = "60 % of what is free",
     .help = "memory to take; what needs more lies in temporary files. Takes K, M, G"},
    {.name = "temp-dir",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_shard_options, temporary_folder),
     .argument = "DIR",
     .is_path = true,
     .standard = "$TMPDIR or /tmp",
     .help = "where temporary files are"},
    {.name = NULL}};

int cli_shard_parse(uint32_t *shard, uint32_t *shards, const char *typed,
                    const cli_command *command)
{
    char first[SHARD_BYTES] = "";
    uint64_t number = 1, of = 1;
    const char *slash = typed != NULL ? strchr(typed, '/') : NULL;
    bool is_sound = typed == NULL;
    if (slash != NULL && slash - typed < SHARD_BYTES) {
        memcpy(first, typed, (size_t)(slash - typed));
        is_sound = cli_value_count(&number, first) && cli_value_count(&of, slash + 1) &&
                   number >= 1 && number <= of && of <= UINT32_MAX;
    }
    if (!is_sound) {
        return cli_usage_error(command,
                               "--shard takes I/N, such as 3/17: from 1/N to N/N, not "
                               "'%s'",
                               typed);
    }
    *shard = (uint32_t)(number - 1);
    *shards = (uint32_t)of;
    return CLI_GO_ON;
}

static const char *word_of(ndup_stage_file kind)
{
    static const char *const words[] = {"no file of stages",
                                        "a part: what 'neardup sketch' wrote",
                                        "buckets: what 'neardup bucket' wrote",
                                        "components: what 'neardup components' wrote",
                                        "counts: what 'neardup count' wrote",
                                        "decisions: what 'neardup verify' wrote"};
    return words[kind];
}

/* Puts a file to others of its kind. Parts are what a missing or foreign file is taken for, so that
 * opening it says what is the matter. */
static int sort_file(cli_shard_plan *plan, const char *path, unsigned wanted,
                     const cli_command *command)
{
    ndup_stage_file kind = ndup_stage_file_of(path);
    if (kind != NDUP_STAGE_FILE_NONE && (wanted >> kind & 1) == 0) {
        return cli_usage_error(command, "%s holds %s; it has no place here", path, word_of(kind));
    }
    cli_list_add(kind == NDUP_STAGE_FILE_COMPONENTS  ? &plan->components
                 : kind == NDUP_STAGE_FILE_COUNTS    ? &plan->counts
                 : kind == NDUP_STAGE_FILE_DECISIONS ? &plan->decisions
                                                     : &plan->parts,
                 path);
    return CLI_GO_ON;
}

static int sort_list(cli_shard_plan *plan, const char *const *paths, size_t count, unsigned wanted,
                     const cli_command *command)
{
    int status = CLI_GO_ON;
    for (size_t i = 0; i < count && status == CLI_GO_ON; i++) {
        status = sort_file(plan, paths[i], wanted, command);
    }
    return status;
}

/* Operands may be of any kind; what an option names is of its kind, or opening it fails. */
static int sort_files(cli_shard_plan *plan, const cli_shard_options *typed,
                      const cli_operands *operands, unsigned wanted, const cli_command *command)
{
    const cli_list *lists[] = {&typed->components, &typed->counts, &typed->decisions};
    cli_list *sorted[] = {&plan->components, &plan->counts, &plan->decisions};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < lists[i]->count; k++) {
            cli_list_add(sorted[i], lists[i]->items[k]);
        }
    }
    return sort_list(plan, (const char *const *)operands->items, operands->count, wanted, command);
}

static int check_files(const cli_shard_plan *plan, unsigned wanted, const cli_command *command)
{
    if (plan->parts.count == 0) {
        return cli_usage_error(command, "no parts given: name what 'neardup sketch' wrote");
    }
    if ((wanted >> NDUP_STAGE_FILE_COMPONENTS & 1) != 0 && plan->components.count != 1) {
        return cli_usage_error(command,
                               "%zu files of components, must be one: what 'neardup "
                               "components' wrote",
                               plan->components.count);
    }
    if ((wanted >> NDUP_STAGE_FILE_DECISIONS & 1) != 0 && plan->decisions.count == 0) {
        return cli_usage_error(command, "no decisions given: name what 'neardup verify' wrote");
    }
    return CLI_GO_ON;
}

int cli_shard_resolve(cli_shard_plan *plan, const cli_shard_options *typed,
                      const cli_operands *operands, unsigned wanted, const cli_command *command)
{
    ndup_shard_options *options = &plan->options;
    ndup_shard_options_init(options);
    int status = cli_shard_parse(&options->shard, &options->shards, typed->shard, command);
    if (status == CLI_GO_ON) {
        status = sort_files(plan, typed, operands, wanted, command);
    }
    if (status == CLI_GO_ON) {
        status = check_files(plan, wanted, command);
    }
    options->parts = plan->parts.items;
    options->part_count = plan->parts.count;
    options->components = plan->components.count > 0 ? plan->components.items[0] : NULL;
    options->counts = plan->counts.items;
    options->counts_count = plan->counts.count;
    options->decisions = plan->decisions.items;
    options->decision_count = plan->decisions.count;
    options->memory = typed->memory.value;
    options->temporary_folder = typed->temporary_folder;
    return status;
}

void cli_shard_plan_free(cli_shard_plan *plan)
{
    cli_list_free(&plan->parts);
    cli_list_free(&plan->components);
    cli_list_free(&plan->counts);
    cli_list_free(&plan->decisions);
}

int cli_shard_end(cli_job *job, ndup_status status, const char *output, const ndup_error *error)
{
    if (status != NDUP_STATUS_OK) {
        return cli_job_fail(job, error);
    }
    cli_job_note_written(job, output);
    cli_job_end(job);
    return cli_job_status(job, false, 0, false);
}
