/* SPDX-License-Identifier: MIT */
/* neardup components: who has to be judged together. */
#include "commands.h"
#include "console.h"
#include "shard_options.h"

typedef struct components_own_options {
    cli_count shards;
} components_own_options;

typedef struct components_options {
    cli_shard_options files;
    components_own_options own;
    cli_talk_options talk;
} components_options;

static int run_components(int argc, char *argv[]);

static const cli_option own_table[] = {
    {.name = "shards",
     .kind = CLI_COUNT,
     .offset = offsetof(components_own_options, shards),
     .argument = "N",
     .range = {.least = 1, .most = 65536},
     .standard = "1",
     .help = "deal the components to N shards, for 'count' and 'verify'"},
    {.name = NULL}};
static const cli_group components_groups[] = {
    {"Options", own_table, offsetof(components_options, own)},
    {"Options", cli_shard_output_table, offsetof(components_options, files)},
    {"Running", cli_talk_table, offsetof(components_options, talk)},
    {NULL, NULL, 0}};
static const cli_example components_examples[] = {
    {"deal to 17 shards what 'neardup bucket' has brought together",
     "neardup components *.buckets --shards 17 -o components"},
    {NULL, NULL}};

const cli_command cli_command_components = {
    .name = "components",
    .summary = "in stages, deal to shards what has to be judged together",
    .operands = "BUCKETS...",
    .operands_help = "BUCKETS is what 'neardup bucket' wrote, of all of its shards.",
    .description =
        "Documents that share a text or a bucket, be it through others, are a component: whether "
        "one of them is kept depends on nothing outside of it. The components are dealt to shards, "
        "the largest first, so that each has about as many documents; a component is never cut. "
        "The outcome depends neither on the order of the files nor on the machine.",
    .examples = components_examples,
    .groups = components_groups,
    .run = run_components};

static int make_components(const components_options *typed, const cli_operands *operands)
{
    cli_job job;
    ndup_error error = {0};
    uint32_t shards = typed->own.shards.given ? (uint32_t)typed->own.shards.value : 1;
    cli_job_begin(&job, &cli_command_components, &typed->talk);
    ndup_status status =
        ndup_components_find(typed->files.output, (const char *const *)operands->items,
                             operands->count, shards, &job.hooks, &error);
    return cli_shard_end(&job, status, typed->files.output, &error);
}

static int run_components(int argc, char *argv[])
{
    components_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_components, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (operands.count == 0) {
        status = cli_usage_error(&cli_command_components,
                                 "no buckets given: name what 'neardup bucket' wrote");
    } else if (typed.files.output == NULL) {
        status = cli_usage_error(&cli_command_components, "no output given: -o FILE");
    } else {
        status = make_components(&typed, &operands);
    }
    cli_options_free(&typed, &cli_command_components);
    return status;
}
