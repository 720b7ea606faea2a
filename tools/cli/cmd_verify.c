/* SPDX-License-Identifier: MIT */
/* neardup verify: the decisions about a shard of the documents. */
#include "commands.h"
#include "shard_options.h"

typedef struct verify_options {
    cli_shard_options files;
    cli_thread_options threads;
    cli_talk_options talk;
} verify_options;

static int run_verify(int argc, char *argv[]);

static const cli_group verify_groups[] = {
    {"Files", cli_shard_component_table, offsetof(verify_options, files)},
    {"Files", cli_shard_count_table, offsetof(verify_options, files)},
    {"Files", cli_shard_output_table, offsetof(verify_options, files)},
    {"Running", cli_shard_table, offsetof(verify_options, files)},
    {"Running", cli_shard_resource_table, offsetof(verify_options, files)},
    {"Running", cli_thread_table, offsetof(verify_options, threads)},
    {"Running", cli_talk_table, offsetof(verify_options, talk)},
    {NULL, NULL, 0}};
static const cli_example verify_examples[] = {
    {"judge share 3 of 17",
     "neardup verify *.part components *.counts --shard 3/17 -o 3.decisions"},
    {NULL, NULL}};

const cli_command cli_command_verify = {
    .name = "verify",
    .summary = "in stages, judge the documents of a shard",
    .operands = "PART... COMPONENTS COUNTS...",
    .operands_help = "PART is what 'neardup sketch' wrote: all parts are named, whatever the "
                     "shard. What each file is tell "
                     "its first bytes; their order makes no difference.",
    .description =
        "Judges the documents of whole components as 'neardup dedup' does: in keep order, by exact "
        "comparison of texts, which are read again from the inputs. Files of counts are needed, of "
        "all shards, where texts may fill a form; without them the command says so. Compressed "
        "inputs "
        "are decoded up to the last text that is asked for.",
    .examples = verify_examples,
    .groups = verify_groups,
    .run = run_verify};

static int make_shard(const verify_options *typed, cli_shard_plan *plan)
{
    cli_job job;
    ndup_error error = {0};
    plan->options.threads = (unsigned)typed->threads.threads.value;
    cli_job_begin(&job, &cli_command_verify, &typed->talk);
    ndup_status status = ndup_verify_shard(typed->files.output, &plan->options, &job.hooks, &error);
    return cli_shard_end(&job, status, typed->files.output, &error);
}

static int run_verify(int argc, char *argv[])
{
    const unsigned wanted = 1u << NDUP_STAGE_FILE_PART | 1u << NDUP_STAGE_FILE_COMPONENTS |
                            1u << NDUP_STAGE_FILE_COUNTS;
    verify_options typed = {0};
    cli_shard_plan plan = {.parts = {.items = NULL}};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_verify, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = typed.files.output != NULL
                 ? cli_shard_resolve(&plan, &typed.files, &operands, wanted, &cli_command_verify)
                 : cli_usage_error(&cli_command_verify, "no output given: -o FILE");
    if (status == CLI_GO_ON) {
        status = make_shard(&typed, &plan);
    }
    cli_shard_plan_free(&plan);
    cli_options_free(&typed, &cli_command_verify);
    return status;
}
