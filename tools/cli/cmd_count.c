/* SPDX-License-Identifier: MIT */
/* neardup count: in how many texts shingles stand, a shard of them. */
#include "commands.h"
#include "shard_options.h"

typedef struct count_options {
    cli_shard_options files;
    cli_thread_options threads;
    cli_talk_options talk;
} count_options;

static int run_count(int argc, char *argv[]);

static const cli_group count_groups[] = {
    {"Files", cli_shard_component_table, offsetof(count_options, files)},
    {"Files", cli_shard_output_table, offsetof(count_options, files)},
    {"Running", cli_shard_table, offsetof(count_options, files)},
    {"Running", cli_shard_resource_table, offsetof(count_options, files)},
    {"Running", cli_thread_table, offsetof(count_options, threads)},
    {"Running", cli_talk_table, offsetof(count_options, talk)},
    {NULL, NULL, 0}};
static const cli_example count_examples[] = {
    {"count share 3 of 17", "neardup count *.part components --shard 3/17 -o 3.counts"},
    {NULL, NULL}};

const cli_command cli_command_count = {
    .name = "count",
    .summary = "in stages, count shingles, to tell forms by",
    .operands = "PART... COMPONENTS",
    .operands_help = "PART is what 'neardup sketch' wrote: all parts are named, whatever the "
                     "shard. What each file is tell "
                     "its first bytes; their order makes no difference.",
    .description =
        "Which texts fill one form, such as the pages of a shop, is told by how often their words "
        "stand "
        "in the whole corpus. This counts them over a share of the texts that tell: those in large "
        "buckets, and some others of their sources. The files of all shards go to 'verify'. Their "
        "texts are read again from the inputs, which must be where they were.",
    .examples = count_examples,
    .groups = count_groups,
    .run = run_count};

static int make_shard(const count_options *typed, cli_shard_plan *plan)
{
    cli_job job;
    ndup_error error = {0};
    plan->options.threads = (unsigned)typed->threads.threads.value;
    cli_job_begin(&job, &cli_command_count, &typed->talk);
    ndup_status status = ndup_count_shard(typed->files.output, &plan->options, &job.hooks, &error);
    return cli_shard_end(&job, status, typed->files.output, &error);
}

static int run_count(int argc, char *argv[])
{
    const unsigned wanted = 1u << NDUP_STAGE_FILE_PART | 1u << NDUP_STAGE_FILE_COMPONENTS;
    count_options typed = {0};
    cli_shard_plan plan = {.parts = {.items = NULL}};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_count, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = typed.files.output != NULL
                 ? cli_shard_resolve(&plan, &typed.files, &operands, wanted, &cli_command_count)
                 : cli_usage_error(&cli_command_count, "no output given: -o FILE");
    if (status == CLI_GO_ON) {
        status = make_shard(&typed, &plan);
    }
    cli_shard_plan_free(&plan);
    cli_options_free(&typed, &cli_command_count);
    return status;
}
