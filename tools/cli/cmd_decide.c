/* SPDX-License-Identifier: MIT */
/* neardup decide: the result of a run whose decisions were made in shards. */
#include "commands.h"
#include "open_page.h"
#include "output_options.h"
#include "shard_options.h"
#include "summary.h"

typedef struct decide_options {
    cli_output_options outputs;
    cli_shard_options files;
    cli_thread_options threads;
    cli_talk_options talk;
} decide_options;

static int run_decide(int argc, char *argv[]);

static const cli_group decide_groups[] = {
    {CLI_OUTPUT_TITLE, cli_output_table, offsetof(decide_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(decide_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(decide_options, outputs)},
    {"Files", cli_shard_decision_table, offsetof(decide_options, files)},
    {"Running", cli_shard_resource_table, offsetof(decide_options, files)},
    {"Running", cli_thread_table, offsetof(decide_options, threads)},
    {"Running", cli_talk_table, offsetof(decide_options, talk)},
    {NULL, NULL, 0}};
static const cli_example decide_examples[] = {
    {"the plan that 'neardup dedup' would have written, and the ids that stay",
     "neardup decide *.part *.decisions -o plan:plan.jsonl -o ids:kept.txt"},
    {"and the texts that stay", "neardup apply plan.jsonl -o jsonl:kept.jsonl"},
    {NULL, NULL}};

const cli_command cli_command_decide = {
    .name = "decide",
    .summary = "in stages, put the decisions of all shards together",
    .operands = "PART... DECISIONS...",
    .operands_help = "DECISIONS are what 'neardup verify' wrote, of all shards. What each file is "
                     "tell its first bytes; their order makes no difference.",
    .description =
        "Puts the decisions of all shards together to what 'neardup dedup' over all inputs comes "
        "to, and writes the same outputs, byte for byte. Documents that no shard had anything to "
        "decide about are kept. Shards that are missing, or there twice, are named. Outputs that "
        "hold texts are written from the plan, by 'neardup apply'.",
    .examples = decide_examples,
    .groups = decide_groups,
    .run = run_decide};

static int check_outputs(decide_options *typed)
{
    static const char *const of_pairs[] = {"pairs", NULL};
    if (typed->outputs.outputs.count == 0 && typed->outputs.report_dir == NULL) {
        return cli_usage_error(&cli_command_decide, "no output given: say what to write, such as "
                                                    "-o plan:plan.jsonl");
    }
    int status = cli_outputs_check(&typed->outputs, &cli_command_decide, cli_output_format);
    if (status == CLI_GO_ON && cli_outputs_have(&typed->outputs, of_pairs)) {
        status = cli_usage_error(&cli_command_decide,
                                 "-o pairs: shards compare no more pairs than decide; 'neardup "
                                 "dedup' can list all");
    }
    return status;
}

/* Texts are not at hand. */
static int check_sinks(const cli_outputs *outputs, const decide_options *typed)
{
    for (size_t i = 0; i < outputs->count; i++) {
        if (outputs->sinks[i]->wants_records) {
            return cli_usage_error(&cli_command_decide,
                                   "-o %s holds texts: write -o plan:plan.jsonl, then 'neardup "
                                   "apply plan.jsonl -o %s'",
                                   typed->outputs.outputs.items[i],
                                   typed->outputs.outputs.items[i]);
        }
    }
    return CLI_GO_ON;
}

static ndup_status open_outputs(cli_outputs *outputs, const decide_options *typed,
                                const cli_shard_plan *plan, ndup_error *error)
{
    cli_list also_read = {.items = NULL};
    for (size_t i = 0; i < plan->decisions.count; i++) {
        cli_list_add(&also_read, plan->decisions.items[i]);
    }
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &plan->parts, &also_read);
    ndup_status status = cli_outputs_open(outputs, &typed->outputs, &opening, error);
    cli_list_free(&also_read);
    return status;
}

static ndup_status decide(ndup_result **result, ndup_corpus **corpus, const cli_shard_plan *plan,
                          const cli_outputs *outputs, const cli_job *job, ndup_error *error)
{
    ndup_status status = ndup_decide_shards(result, corpus, &plan->options, &job->hooks, error);
    return status == NDUP_STATUS_OK ? ndup_result_write(*result, *corpus, outputs->sinks,
                                                        outputs->count, &job->hooks, error)
                                    : status;
}

/* Decides and writes, once the outputs are open. */
static int write_outputs(const decide_options *typed, const cli_shard_plan *plan,
                         const cli_outputs *outputs, cli_job *job)
{
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_error error = {0};
    int exit;
    ndup_status status = decide(&result, &corpus, plan, outputs, job, &error);
    cli_outputs_tell(outputs, &typed->outputs, job);
    if (status != NDUP_STATUS_OK) {
        exit = cli_job_fail(job, &error);
    } else {
        cli_job_end(job);
        cli_summary_print(job, result, &typed->outputs.outputs);
        cli_open_page(&typed->outputs);
        exit = cli_job_status(job, false, ndup_result_summary(result)->skipped, false);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return exit;
}

static int make_run(const decide_options *typed, cli_shard_plan *plan)
{
    cli_job job;
    cli_outputs outputs = {0};
    ndup_error error = {0};
    plan->options.threads = (unsigned)typed->threads.threads.value;
    cli_job_begin(&job, &cli_command_decide, &typed->talk);
    if (cli_outputs_use_stdout(&typed->outputs)) {
        cli_job_use_stdout(&job);
    }
    int exit = CLI_GO_ON;
    if (open_outputs(&outputs, typed, plan, &error) != NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
    }
    if (exit == CLI_GO_ON) {
        exit = check_sinks(&outputs, typed);
    }
    if (exit == CLI_GO_ON) {
        exit = write_outputs(typed, plan, &outputs, &job);
    }
    cli_outputs_close(&outputs);
    return exit;
}

static int run_decide(int argc, char *argv[])
{
    const unsigned wanted = 1u << NDUP_STAGE_FILE_PART | 1u << NDUP_STAGE_FILE_DECISIONS;
    decide_options typed = {0};
    cli_shard_plan plan = {.parts = {.items = NULL}};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_decide, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = check_outputs(&typed);
    if (status == CLI_GO_ON) {
        status = cli_shard_resolve(&plan, &typed.files, &operands, wanted, &cli_command_decide);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &plan);
    }
    cli_shard_plan_free(&plan);
    cli_options_free(&typed, &cli_command_decide);
    return status;
}
