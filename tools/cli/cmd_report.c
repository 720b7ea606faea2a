/* SPDX-License-Identifier: MIT */
/* neardup report: pages to read, from plans. */
#include <stdlib.h>

#include "commands.h"
#include "console.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "summary.h"

#define STANDARD_OUTPUT "html:report.html"

typedef struct report_options {
    cli_storage_options storage;
    cli_output_options outputs;
    cli_talk_options talk;
} report_options;

/* One plan with everything that was opened for it. */
typedef struct plan_run {
    ndup_plan *plan;
    ndup_corpus *corpus;
    ndup_result *result;
} plan_run;

/* All plans of the command line. */
typedef struct plan_runs {
    plan_run *items;
    ndup_written_run *written;
    size_t count;
} plan_runs;

static int run_report(int argc, char *argv[]);

static const cli_group report_groups[] = {
    {CLI_OUTPUT_TITLE, cli_output_table, offsetof(report_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(report_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(report_options, outputs)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(report_options, storage)},
    {"Running", cli_talk_table, offsetof(report_options, talk)},
    {NULL, NULL, 0}};
static const cli_example report_examples[] = {
    {"decide, then look: writes report.html",
     "neardup dedup corpus/ -o plan:plan.jsonl && neardup report plan.jsonl"},
    {"every group, on pages of 50", "neardup report plan.jsonl --report-dir report/"},
    {"one page on several runs", "neardup report monday.jsonl tuesday.jsonl -o html:week.html"},
    {"tick boxes on the page, then act on them",
     "neardup apply plan.jsonl --decisions decisions.jsonl -o jsonl:kept.jsonl"},
    {NULL, NULL}};
static const char *const report_exit_lines[] = {
    "0  done",
    "2  wrong use",
    "3  done, but some inputs were skipped",
    "4  failed, or a corpus is not what its plan was made for",
    "130  cancelled by a signal (128 + its number)",
    NULL};

const cli_command cli_command_report = {
    .name = "report",
    .summary = "pages to read, from plans: what is repeated, side by side",
    .operands = "PLAN...",
    .description =
        "Reads plans that 'neardup dedup -o plan:PLAN' wrote and the corpora that they name, and "
        "writes a report; without -o and --report-dir the page report.html. The page is one file "
        "that loads nothing from elsewhere: it can be mailed, and opened years later. Its tick "
        "boxes save a file of decisions that 'neardup apply --decisions' takes.",
    .examples = report_examples,
    .groups = report_groups,
    .exit_lines = report_exit_lines,
    .run = run_report};

static int check(report_options *typed, const cli_operands *operands)
{
    if (operands->count == 0) {
        return cli_usage_error(&cli_command_report, "no plan given: neardup report PLAN...");
    }
    if (typed->outputs.outputs.count == 0 && typed->outputs.report_dir == NULL) {
        cli_list_add(&typed->outputs.outputs, STANDARD_OUTPUT);
    }
    return cli_outputs_check(&typed->outputs, &cli_command_report, cli_output_format);
}

static ndup_status open_run(plan_run *run, const char *path, const report_options *typed,
                            const cli_job *job, ndup_error *error)
{
    ndup_corpus_options options = cli_corpus_options(NULL, &typed->storage);
    ndup_status status = ndup_plan_open(&run->plan, path, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup_plan_open_corpus(&run->corpus, run->plan, NULL, 0, &options, &job->hooks, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup_plan_result(&run->result, run->plan, run->corpus, &job->hooks, error)
               : status;
}

static ndup_status open_runs(plan_runs *runs, const cli_operands *operands,
                             const report_options *typed, const cli_job *job, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    runs->items = cli_resize(NULL, operands->count * sizeof *runs->items);
    runs->written = cli_resize(NULL, operands->count * sizeof *runs->written);
    for (size_t i = 0; i < operands->count && status == NDUP_STATUS_OK; i++) {
        runs->items[i] = (plan_run){.plan = NULL};
        runs->count++;
        status = open_run(&runs->items[i], operands->items[i], typed, job, error);
        runs->written[i] = (ndup_written_run){runs->items[i].result, runs->items[i].corpus};
    }
    return status;
}

static void close_runs(plan_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        ndup_result_free(runs->items[i].result);
        ndup_corpus_close(runs->items[i].corpus);
        ndup_plan_close(runs->items[i].plan);
    }
    free(runs->items);
    free(runs->written);
}

static uint64_t count_skipped(const plan_runs *runs)
{
    uint64_t skipped = 0;
    for (size_t i = 0; i < runs->count; i++) {
        skipped += ndup_result_summary(runs->items[i].result)->skipped;
    }
    return skipped;
}

static int make_run(const report_options *typed, const cli_operands *operands)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_report, &typed->talk);
    if (cli_outputs_use_stdout(&typed->outputs)) {
        cli_job_use_stdout(&job);
    }
    cli_outputs outputs = {0};
    plan_runs runs = {0};
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    const cli_list none = {.items = NULL}; /* the plans know their inputs */
    cli_list plans = {.items = NULL};
    for (size_t i = 0; i < operands->count; i++) {
        cli_list_add(&plans, operands->items[i]);
    }
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &none, &plans);
    if (cli_outputs_open(&outputs, &typed->outputs, &opening, &error) != NDUP_STATUS_OK ||
        open_runs(&runs, operands, typed, &job, &error) != NDUP_STATUS_OK ||
        ndup_results_write(runs.written, runs.count, outputs.sinks, outputs.count, &job.hooks,
                           &error) != NDUP_STATUS_OK) {
        cli_outputs_tell(&outputs, &typed->outputs, &job);
        exit = cli_job_fail(&job, &error);
    } else {
        cli_outputs_tell(&outputs, &typed->outputs, &job);
        cli_job_end(&job);
        for (size_t i = 0; i < typed->outputs.outputs.count && !job.quiet; i++) {
            cli_complain("wrote %s", typed->outputs.outputs.items[i]);
        }
        cli_open_page(&typed->outputs);
        exit = cli_job_status(&job, false, count_skipped(&runs), false);
    }
    cli_list_free(&plans);
    cli_outputs_close(&outputs);
    close_runs(&runs);
    return exit;
}

static int run_report(int argc, char *argv[])
{
    report_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_report, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = check(&typed, &operands);
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &operands);
    }
    cli_options_free(&typed, &cli_command_report);
    return status;
}
