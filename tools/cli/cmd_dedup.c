/* SPDX-License-Identifier: MIT */
/* neardup dedup: the main job. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "against.h"
#include "check_options.h"
#include "commands.h"
#include "console.h"
#include "finding_lines.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "listing.h"
#include "matching_options.h"
#include "max_loss.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "summary.h"
#include "terminal.h"
#include "work_options.h"
#include "encoding_hint.h"

/* Groups that are listed on a terminal. */
enum { LISTED_USUALLY = 5 };

/* 1 EiB: so that sums do not overflow. */
#define MEMORY_MOST 0x1p60

typedef struct dedup_own_options {
    bool exact;
    cli_count audit;
    bool drop_all;
    cli_list max_loss;
    const char *unit;
    bool profile;
    cli_count memory;
} dedup_own_options;

typedef struct dedup_options {
    cli_matching_options matching;
    cli_keep_options keep;
    cli_input_options inputs;
    cli_output_options outputs;
    cli_listing_options listing;
    cli_check_options check;
    cli_thread_options threads;
    cli_talk_options talk;
    cli_against_options against;
    cli_work_options work;
    dedup_own_options own;
    ndup_max_loss *limits; /* of own.max_loss */
} dedup_options;

static int run_dedup(int argc, char *argv[]);

static const cli_option search_table[] = {
    {.name = "exact",
     .kind = CLI_FLAG,
     .offset = offsetof(dedup_own_options, exact),
     .help = "find every pair by an exact join instead of sketches; slower"},
    {.name = "audit",
     .kind = CLI_COUNT,
     .offset = offsetof(dedup_own_options, audit),
     .argument = "N",
     .range = {.least = 1, .most = 1e9},
     .help = "measure the recall against the exact answer on N documents"},
    {.name = NULL}};
static const char *unit_choice(size_t i)
{
    static const char *const units[] = {"document", "paragraph"};
    return i < sizeof units / sizeof *units ? units[i] : NULL;
}

static const cli_option unit_table[] = {
    {.name = "unit",
     .kind = CLI_CHOICE,
     .offset = offsetof(dedup_own_options, unit),
     .argument = "UNIT",
     .choice = unit_choice,
     .help = "what is compared, kept and dropped; paragraphs become records with the members "
             "document, unit and offset"},
    {.name = NULL}};
static const cli_option keep_table[] = {
    {.name = "drop-all",
     .kind = CLI_FLAG,
     .offset = offsetof(dedup_own_options, drop_all),
     .help = "drop the kept document of every group too"},
    {.name = "max-loss",
     .kind = CLI_LIST,
     .offset = offsetof(dedup_own_options, max_loss),
     .argument = "PERCENT[:SOURCE]",
     .help =
         "fail, and write nothing, when a source would lose more than PERCENT of its "
         "documents: any that loses more than 20, or those that the glob SOURCE matches; may be "
         "repeated"},
    {.name = NULL}};
static const cli_option running_table[] = {
    {.name = "memory",
     .kind = CLI_SIZE,
     .offset = offsetof(dedup_own_options, memory),
     .argument = "SIZE",
     .range = {.least = 1, .most = MEMORY_MOST},
     .standard = "60 % of what is free",
     .help = "memory to take; what needs more lies in temporary files, and the outcome does not "
             "depend on it. Takes K, M, G"},
    {.name = "profile",
     .kind = CLI_FLAG,
     .offset = offsetof(dedup_own_options, profile),
     .help = "print where the time went, stage by stage and worker by worker"},
    {.name = NULL}};

static const cli_group dedup_groups[] = {
    {CLI_MATCHING_TITLE, unit_table, offsetof(dedup_options, own)},
    {CLI_MATCHING_TITLE, cli_rule_table, offsetof(dedup_options, matching)},
    {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(dedup_options, matching)},
    {CLI_AGAINST_TITLE, cli_against_table, offsetof(dedup_options, against)},
    {CLI_KEEP_TITLE, cli_keep_table, offsetof(dedup_options, keep)},
    {CLI_KEEP_TITLE, keep_table, offsetof(dedup_options, own)},
    {CLI_OUTPUT_TITLE, cli_output_table, offsetof(dedup_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(dedup_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(dedup_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_listing_table, offsetof(dedup_options, listing)},
    {CLI_OUTPUT_TITLE, cli_check_table, offsetof(dedup_options, check)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(dedup_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(dedup_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(dedup_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(dedup_options, inputs.storage)},
    {CLI_SEARCH_TITLE, cli_search_table, offsetof(dedup_options, matching)},
    {CLI_SEARCH_TITLE, cli_seed_table, offsetof(dedup_options, matching)},
    {CLI_SEARCH_TITLE, search_table, offsetof(dedup_options, own)},
    {"Running", cli_thread_table, offsetof(dedup_options, threads)},
    {"Running", running_table, offsetof(dedup_options, own)},
    {"Running", cli_work_table, offsetof(dedup_options, work)},
    {"Running", cli_talk_table, offsetof(dedup_options, talk)},
    {NULL, NULL, 0}};

static const cli_example dedup_examples[] = {
    {"what is repeated in a folder? Lists the largest groups, writes nothing",
     "neardup dedup corpus/"},
    {"the groups side by side, in the browser", "neardup dedup corpus/ -o html:report.html --open"},
    {"a folder without near-duplicates, and the reason for every removal",
     "neardup dedup corpus/ -o tree:kept/ -o plan:plan.jsonl"},
    {"compressed records in and out, the longest version of a text stays",
     "neardup dedup crawl.jsonl.zst --keep longest -o jsonl:kept.jsonl.zst"},
    {"look at the pairs as a table", "neardup dedup crawl.jsonl -o pairs:pairs.csv"},
    {"a day's pages without what the crawl has already, which then has these, too",
     "neardup dedup today.jsonl --against seen/ --add -o jsonl:new.jsonl"},
    {"in a pipeline: fail when there are duplicates, and name them",
     "generate | neardup dedup - --check --quiet"},
    {"in a text repository: fail only when there are new ones",
     "neardup dedup docs/ --check --baseline known.sarif -o sarif:now.sarif"},
    {NULL, NULL}};

const cli_command cli_command_dedup = {
    .name = "dedup",
    .summary = "remove near-duplicate documents from a corpus, with the reason for each",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Reads every document of the inputs, decides which of them to keep, and writes the outputs "
        "that were asked for. On a terminal it lists the largest groups and what they share; with "
        "--check it prints a line for each dropped document instead, PATH:LINE: MESSAGE, as "
        "editors read them.\n\n" CLI_INPUT_WORDS "\n\n"
        "A document is dropped only with a kept document whose exact similarity to it is at or "
        "above the threshold, or which has the same text. Inputs are never changed. Outputs appear "
        "whole or not at all, and existing ones are not replaced without --force, nor files that "
        "the run reads ever.",
    .examples = dedup_examples,
    .groups = dedup_groups,
    .exit_lines = cli_check_exit_lines,
    .run = run_dedup};

/* Whether paragraphs are compared. */
static bool splits(const dedup_options *typed)
{
    return typed->own.unit != NULL && strcmp(typed->own.unit, unit_choice(0)) != 0;
}

/* What a run is to do. */
typedef struct dedup_plan {
    ndup_dedup_options options;
    cli_listing listing;
} dedup_plan;

/* Where --list is not given. */
static uint64_t usual_listing(const dedup_options *typed)
{
    bool shows = cli_is_terminal(stdout) && !cli_outputs_use_stdout(&typed->outputs) &&
                 !typed->talk.quiet && !typed->check.check.given;
    return shows ? LISTED_USUALLY : 0;
}

/* Whether the outputs can hold what was asked for. */
static int check_outputs(dedup_options *typed)
{
    static const char *const of_documents[] = {"tree", "plan", NULL};
    static const char *const of_folds[] = {"jsonl", "tree", "plan", NULL};
    int status = cli_outputs_check(&typed->outputs, &cli_command_dedup, cli_output_format);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_against_check(&typed->against, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_work_check(&typed->work, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (typed->work.folder != NULL && (splits(typed) || typed->against.path != NULL)) {
        return cli_usage_error(&cli_command_dedup,
                               "--work-dir is about files as they are: %s cannot go on",
                               splits(typed) ? "--unit paragraph" : "--against");
    }
    if (splits(typed) && typed->against.path != NULL) {
        return cli_usage_error(&cli_command_dedup, "--against is about documents, not about "
                                                   "--unit paragraph");
    }
    if (splits(typed) && cli_outputs_have(&typed->outputs, of_documents)) {
        return cli_usage_error(&cli_command_dedup,
                               "--unit paragraph: tree and plan are about documents; removed, "
                               "clusters and annotated tell of paragraphs");
    }
    if (typed->keep.templates != NULL && strcmp(typed->keep.templates, "fold") == 0 &&
        !cli_outputs_have(&typed->outputs, of_folds)) {
        return cli_usage_error(&cli_command_dedup,
                               "--templates fold is about texts that are written: it needs "
                               "-o jsonl:FILE or -o tree:DIR, or -o plan:FILE to apply later");
    }
    return CLI_GO_ON;
}

/* Turns what was typed into options of the library. */
static int resolve(dedup_plan *plan, dedup_options *typed)
{
    ndup_dedup_options *resolved = &plan->options;
    static const char *const with_pairs[] = {"pairs", NULL};
    static const char *const with_titles[] = {"plan", "pairs", "clusters", NULL};
    static const char *const with_spans[] = {"plan", "removed", "annotated", "sarif", "text", NULL};
    int status = check_outputs(typed);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_listing_resolve(&plan->listing, &typed->listing, usual_listing(typed),
                                 &typed->outputs, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_matching_resolve(resolved, &typed->matching, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_keep_resolve(resolved, &typed->keep, &typed->matching, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    status =
        cli_max_loss_resolve(&typed->limits, resolved, &typed->own.max_loss, &cli_command_dedup);
    resolved->exact = typed->own.exact;
    resolved->audit = typed->own.audit.value;
    resolved->drop_all = typed->own.drop_all;
    resolved->threads = (unsigned)typed->threads.threads.value;
    resolved->profile = typed->own.profile;
    resolved->memory = typed->own.memory.value;
    resolved->pairs = cli_outputs_have(&typed->outputs, with_pairs);
    resolved->titles = cli_outputs_have(&typed->outputs, with_titles);
    resolved->spans = plan->listing.most > 0 || cli_outputs_have(&typed->outputs, with_spans);
    return status;
}

/* Tells the known duplicates of the result from new ones. */
static ndup_status compare(ndup_result *result, const cli_check_options *options,
                           const cli_job *job, ndup_error *error)
{
    ndup_baseline *baseline;
    ndup_status status = cli_check_open(&baseline, options, error);
    if (status != NDUP_STATUS_OK || baseline == NULL) {
        return status;
    }
    status = ndup_result_compare(result, baseline, error);
    if (status == NDUP_STATUS_OK) {
        cli_check_compare(job, options, baseline, ndup_result_summary(result)->dropped,
                          ndup_result_known(result));
    }
    ndup_baseline_close(baseline);
    return status;
}

/* Puts the paragraphs of the corpus in its place. */
static ndup_status split(ndup_corpus **corpus, const dedup_options *typed, const cli_job *job,
                         ndup_error *error)
{
    if (!splits(typed)) {
        return NDUP_STATUS_OK;
    }
    ndup_corpus_options options = cli_corpus_options(NULL, &typed->inputs.storage);
    return ndup_corpus_open_units(corpus, *corpus, &options, &job->hooks, error);
}

/* Opens the listing and the lines of --check where there is something to show. */
static ndup_status add_shown(cli_outputs *outputs, cli_duplicate_lines *lines,
                             const dedup_options *typed, const cli_listing *listing, cli_job *job,
                             const ndup_result *result, ndup_error *error)
{
    const ndup_summary *summary = ndup_result_summary(result);
    bool lists = listing->most > 0 && summary->groups > 0;
    bool checks = typed->check.check.given && summary->dropped > ndup_result_known(result);
    bool stdout_is_taken = cli_outputs_use_stdout(&typed->outputs);
    ndup_status status = NDUP_STATUS_OK;
    if (lists) {
        ndup_listing layout = {
            .groups = listing->most == UINT64_MAX ? 0 : listing->most,
            .width = cli_is_terminal(stdout) ? cli_terminal_width(stdout) : 0,
            .coloured = cli_terminal_colours(stdout, typed->talk.colour)->plain[0] != '\0'};
        status = cli_outputs_add_listing(outputs, &layout, error);
    }
    if (checks) {
        cli_duplicate_lines_init(lines, stdout_is_taken ? stderr : stdout, splits(typed));
        cli_outputs_add(outputs, &lines->sink);
    }
    if ((lists || checks) && !stdout_is_taken) {
        cli_job_hold_stdout(job, lists && listing->asked && !typed->listing.no_pager);
    }
    return status;
}

/* The end of the listing: what it leaves out, and on a terminal a line to part it from the summary.
 */
static void end_listing(const cli_job *job, const ndup_summary *summary, const cli_listing *listing)
{
    cli_formatted count;
    if (listing->most > 0 && summary->groups > listing->most) {
        uint64_t more = summary->groups - listing->most;
        printf("\nand %s more %s: --list all, or -o html:report.html shows them\n",
               cli_format_count(&count, more), more == 1 ? "group" : "groups");
    }
    if (listing->most > 0 && summary->groups > 0 && job->screen.held != NULL) {
        putchar('\n');
    }
}

static ndup_status open_outputs(cli_outputs *outputs, const dedup_options *typed,
                                const cli_inputs *inputs, ndup_error *error)
{
    cli_list also_read = cli_check_reads(&typed->check, typed->inputs.list.files_from);
    if (typed->against.path != NULL) {
        cli_list_add(&also_read, typed->against.path);
    }
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &inputs->paths, &also_read);
    ndup_status status = cli_outputs_open(outputs, &typed->outputs, &opening, error);
    cli_list_free(&also_read);
    return status;
}

/* Opens the inputs, without what is known already. */
static ndup_status open_corpus(ndup_corpus **corpus, cli_against *against,
                               const dedup_options *typed, dedup_plan *plan,
                               const cli_inputs *inputs, cli_job *job, ndup_error *error)
{
    const char *preset = typed->matching.preset;
    ndup_status status =
        cli_against_open(against, &plan->options, &typed->matching, &typed->inputs, job, error);
    if (status == NDUP_STATUS_OK) {
        preset = against->index != NULL ? plan->options.preset : preset;
        status = cli_inputs_open(corpus, inputs, &typed->inputs, preset, job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = cli_against_leave_out(against, *corpus, typed->outputs.force, job, error);
    }
    return status;
}

/* Opens what is needed, makes the run and writes the outputs. */
static int make_run(const dedup_options *typed, dedup_plan *plan, const cli_inputs *inputs)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_dedup, &typed->talk);
    if (cli_outputs_use_stdout(&typed->outputs)) {
        cli_job_use_stdout(&job);
    }
    cli_outputs outputs = {0};
    cli_duplicate_lines lines;
    cli_against against = {.typed = &typed->against};
    ndup_work *work = NULL;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    if (cli_work_open(&work, &typed->work, &error) != NDUP_STATUS_OK ||
        open_outputs(&outputs, typed, inputs, &error) != NDUP_STATUS_OK ||
        open_corpus(&corpus, &against, typed, plan, inputs, &job, &error) != NDUP_STATUS_OK ||
        split(&corpus, typed, &job, &error) != NDUP_STATUS_OK ||
        cli_job_dedup(&job, &result, work, corpus, &plan->options, &error) != NDUP_STATUS_OK ||
        compare(result, &typed->check, &job, &error) != NDUP_STATUS_OK ||
        add_shown(&outputs, &lines, typed, &plan->listing, &job, result, &error) !=
            NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
        goto done;
    }
    if ((outputs.count > 0 && ndup_result_write(result, corpus, outputs.sinks, outputs.count,
                                                &job.hooks, &error) != NDUP_STATUS_OK) ||
        cli_against_add(&against, result, corpus, &job, &error) != NDUP_STATUS_OK ||
        cli_work_finish(work, &error) != NDUP_STATUS_OK) {
        cli_outputs_tell(&outputs, &typed->outputs, &job);
        exit = cli_job_fail(&job, &error);
        goto done;
    }
    const ndup_summary *summary = ndup_result_summary(result);
    cli_outputs_tell(&outputs, &typed->outputs, &job);
    end_listing(&job, summary, &plan->listing);
    cli_job_end(&job);
    cli_against_print(&against, &job);
    cli_summary_print(&job, result, &typed->outputs.outputs);
    cli_open_page(&typed->outputs);
    bool is_unread = cli_unread_say(&job, summary->unreadable);
    exit = cli_job_status(
        &job,
        cli_check_is_over(&typed->check,
                          summary->dropped - ndup_result_known(result) + against.known),
        summary->skipped, is_unread);
done:
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    cli_outputs_close(&outputs);
    cli_against_close(&against);
    ndup_work_close(work);
    return exit;
}

static int run_dedup(int argc, char *argv[])
{
    dedup_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_dedup, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    dedup_plan plan;
    cli_inputs inputs = {0};
    status = resolve(&plan, &typed);
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_dedup);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &plan, &inputs);
    }
    cli_inputs_free(&inputs);
    free(typed.limits);
    cli_options_free(&typed, &cli_command_dedup);
    return status;
}
