/* SPDX-License-Identifier: MIT */
/* neardup apply: acts on a plan. */
#include "commands.h"
#include "console.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "summary.h"

typedef struct apply_own_options {
    cli_list inputs;
    cli_list decisions;
    bool edited;
} apply_own_options;

typedef struct apply_options {
    cli_storage_options storage;
    cli_output_options outputs;
    cli_talk_options talk;
    apply_own_options own;
} apply_options;

static int run_apply(int argc, char *argv[]);

static const cli_option apply_table[] = {
    {.name = "input",
     .letter = 'i',
     .kind = CLI_LIST,
     .offset = offsetof(apply_own_options, inputs),
     .argument = "PATH",
     .is_path = true,
     .help = "where the corpus stands now, in place of what the plan says; more paths may follow"},
    {.name = NULL}};
static const cli_option decision_table[] = {
    {.name = "decisions",
     .kind = CLI_LIST,
     .offset = offsetof(apply_own_options, decisions),
     .argument = "FILE",
     .is_path = true,
     .help = "keep and drop otherwise than the plan says where FILE, saved by a report page, "
             "decides so; may be repeated"},
    {.name = "edited",
     .kind = CLI_FLAG,
     .offset = offsetof(apply_own_options, edited),
     .help = "the plan was changed on purpose: its decisions count as they stand, and documents "
             "that it has no line of are kept"},
    {.name = NULL}};
static const cli_group apply_groups[] = {
    {"Decisions", decision_table, offsetof(apply_options, own)},
    {CLI_OUTPUT_TITLE, cli_output_table, offsetof(apply_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(apply_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(apply_options, outputs)},
    {CLI_INPUT_TITLE, apply_table, offsetof(apply_options, own)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(apply_options, storage)},
    {"Running", cli_talk_table, offsetof(apply_options, talk)},
    {NULL, NULL, 0}};
static const cli_example apply_examples[] = {
    {"decide now, look at the plan, act later", "neardup dedup corpus/ -o plan:plan.jsonl"},
    {"write the kept files", "neardup apply plan.jsonl -o tree:kept/"},
    {"with second thoughts, saved by the page of 'neardup report plan.jsonl'",
     "neardup apply plan.jsonl --decisions decisions.jsonl -o tree:kept/"},
    {"keep all near-duplicates of one source after all, and drop the rest as planned",
     "jq -c 'if .source == \"wire\" then .decision = \"keep\" else . end' plan.jsonl > mine.jsonl\n"
     "neardup apply mine.jsonl --edited -o tree:kept/"},
    {"the corpus was moved", "neardup apply plan.jsonl --input /data/corpus -o tree:kept/"},
    {NULL, NULL}};
static const char *const apply_exit_lines[] = {
    "0  done",
    "2  wrong use",
    "3  done, but some inputs were skipped",
    "4  failed, or the corpus is not what the plan was made for",
    "130  cancelled by a signal (128 + its number)",
    NULL};

const cli_command cli_command_apply = {
    .name = "apply",
    .summary = "write outputs from a plan that was made before",
    .operands = "PLAN",
    .description = "Reads a plan that 'neardup dedup -o plan:PLAN' wrote, checks that every record "
                   "of the corpus is still what it was, and writes the outputs. When a record is "
                   "new, missing or different, nothing is written.",
    .examples = apply_examples,
    .groups = apply_groups,
    .exit_lines = apply_exit_lines,
    .run = run_apply};

/* Operands behind the plan belong to --input, so that a shell pattern can follow it. */
static int check(apply_options *typed, const cli_operands *operands)
{
    if (operands->count == 0) {
        return cli_usage_error(&cli_command_apply, "no plan given: neardup apply PLAN -o "
                                                   "FORMAT:PATH");
    }
    if (operands->count > 1 && typed->own.inputs.count == 0) {
        return cli_usage_error(&cli_command_apply, "one plan at a time, but '%s' follows '%s'",
                               operands->items[1], operands->items[0]);
    }
    if (typed->outputs.outputs.count == 0 && typed->outputs.report_dir == NULL) {
        return cli_usage_error(&cli_command_apply, "no output given: say what to write, such as "
                                                   "-o tree:kept/");
    }
    for (size_t i = 1; i < operands->count; i++) {
        cli_list_add(&typed->own.inputs, operands->items[i]);
    }
    return cli_outputs_check(&typed->outputs, &cli_command_apply, cli_output_format);
}

/* Everything between the open plan and the written outputs. */
static ndup_status apply_plan(ndup_result **result, ndup_corpus **corpus, const ndup_plan *plan,
                              const apply_options *typed, const cli_outputs *outputs,
                              const cli_job *job, ndup_error *error)
{
    ndup_corpus_options options = cli_corpus_options(NULL, &typed->storage);
    ndup_status status =
        ndup_plan_open_corpus(corpus, plan, typed->own.inputs.items, typed->own.inputs.count,
                              &options, &job->hooks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup_plan_result(result, plan, *corpus, &job->hooks, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return ndup_result_write(*result, *corpus, outputs->sinks, outputs->count, &job->hooks, error);
}

static ndup_status take_decisions(ndup_plan *plan, const cli_list *files, const cli_job *job,
                                  ndup_error *error)
{
    for (size_t i = 0; i < files->count; i++) {
        uint64_t taken;
        cli_formatted number;
        ndup_status status = ndup_plan_decide(&taken, plan, files->items[i], error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        if (!job->quiet && !cli_job_is_json(job)) {
            cli_complain("%s: %s decisions", files->items[i], cli_format_count(&number, taken));
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status open_plan(ndup_plan **plan, const char *path, bool edited, ndup_error *error)
{
    return edited ? ndup_plan_open_edited(plan, path, NULL, error)
                  : ndup_plan_open(plan, path, NULL, error);
}

static ndup_status open_outputs(cli_outputs *outputs, const apply_options *typed, const char *path,
                                ndup_error *error)
{
    cli_list also_read = {.items = NULL};
    cli_list_add(&also_read, path);
    for (size_t i = 0; i < typed->own.decisions.count; i++) {
        cli_list_add(&also_read, typed->own.decisions.items[i]);
    }
    ndup_output_options opening =
        cli_outputs_opening(&typed->outputs, &typed->own.inputs, &also_read);
    ndup_status status = cli_outputs_open(outputs, &typed->outputs, &opening, error);
    cli_list_free(&also_read);
    return status;
}

static int make_run(const apply_options *typed, const char *path)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_apply, &typed->talk);
    if (cli_outputs_use_stdout(&typed->outputs)) {
        cli_job_use_stdout(&job);
    }
    cli_outputs outputs = {0};
    ndup_plan *plan = NULL;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    if (open_outputs(&outputs, typed, path, &error) != NDUP_STATUS_OK ||
        open_plan(&plan, path, typed->own.edited, &error) != NDUP_STATUS_OK ||
        take_decisions(plan, &typed->own.decisions, &job, &error) != NDUP_STATUS_OK ||
        apply_plan(&result, &corpus, plan, typed, &outputs, &job, &error) != NDUP_STATUS_OK) {
        cli_outputs_tell(&outputs, &typed->outputs, &job);
        exit = cli_job_fail(&job, &error);
    } else {
        cli_outputs_tell(&outputs, &typed->outputs, &job);
        cli_job_end(&job);
        cli_summary_print(&job, result, &typed->outputs.outputs);
        cli_open_page(&typed->outputs);
        exit = cli_job_status(&job, false, ndup_result_summary(result)->skipped, false);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    ndup_plan_close(plan);
    cli_outputs_close(&outputs);
    return exit;
}

static int run_apply(int argc, char *argv[])
{
    apply_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_apply, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = check(&typed, &operands);
    if (status == CLI_GO_ON) {
        status = make_run(&typed, operands.items[0]);
    }
    cli_options_free(&typed, &cli_command_apply);
    return status;
}
