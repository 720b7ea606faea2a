/* SPDX-License-Identifier: MIT */
/* neardup eval: measures a run against labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "eval_groups.h"
#include "eval_options.h"
#include "eval_print.h"
#include "format.h"
#include "job.h"
#include "neardup.h"
#include "output_options.h"
#include "sweep.h"
#include "encoding_hint.h"

static int run_eval(int argc, char *argv[]);

static const cli_example eval_examples[] = {
    {"precision, recall and F1 of labelled pairs, at every threshold",
     "neardup eval docs.jsonl --gold pairs.tsv"},
    {"clusters, at the threshold of a preset only",
     "neardup eval docs.jsonl --gold clusters.tsv --preset web --sweep none"},
    {"contained texts count as duplicates too",
     "neardup eval docs.jsonl --gold pairs.tsv --positive dup,contained --rule either"},
    {"stories of 'neardup group', against labelled events",
     "neardup eval articles.jsonl --gold events.tsv --level story"},
    {"for another scorer", "neardup eval docs.jsonl --gold pairs.tsv --predicted found.tsv"},
    {NULL, NULL}};
static const char *const eval_exit_lines[] = {"0  done",
                                              "2  wrong use",
                                              "3  done, but some inputs were skipped or unreadable",
                                              "4  failed",
                                              "130  cancelled by a signal (128 + its number)",
                                              NULL};

const cli_command cli_command_eval = {
    .name = "eval",
    .summary = "measure precision and recall against labelled data",
    .operands = "CORPUS...",
    .description =
        "Finds the near-duplicates of a labelled corpus and prints how well they agree with the "
        "labels: precision, recall and F1 of pairs, or adjusted Rand index and B-cubed of "
        "clusters, "
        "at the threshold of the run and at those of a sweep. With --level it measures what "
        "'neardup group' finds; documents without a label count for nothing then.\n\n"
        "Labels are a tab-separated file, or CSV; a line that begins with # names the columns, or "
        "the first line when one of them is called cluster, level or label. A pair that is not "
        "listed counts as no duplicate; ids that the corpus does not have are counted and told.",
    .examples = eval_examples,
    .groups = cli_eval_option_groups,
    .exit_lines = eval_exit_lines,
    .run = run_eval};

/* What is measured, worked out from what was typed. */
typedef struct eval_plan {
    ndup_dedup_options options;
    cli_sweep sweep; /* the run is made at its lowest threshold */
    size_t chosen;   /* position of the run's own threshold in the sweep */
} eval_plan;

static int resolve(eval_plan *plan, const cli_eval_options *typed)
{
    int status = cli_matching_resolve(&plan->options, &typed->matching, &cli_command_eval);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (typed->own.gold == NULL) {
        return cli_usage_error(&cli_command_eval, "no labels given: --gold FILE");
    }
    if (typed->keep.templates != NULL && strcmp(typed->keep.templates, "fold") == 0) {
        return cli_usage_error(&cli_command_eval,
                               "--templates fold is about texts that are written; what is found "
                               "is the same as with keep");
    }
    status = cli_keep_resolve(&plan->options, &typed->keep, &typed->matching, &cli_command_eval);
    if (status != CLI_GO_ON) {
        return status;
    }
    bool by_similarity = plan->options.rule == NDUP_RULE_JACCARD;
    const char *usual = by_similarity ? CLI_SWEEP_USUAL : "none";
    const char *sweep = typed->own.sweep != NULL ? typed->own.sweep : usual;
    if (!by_similarity && strcmp(sweep, "none") != 0) {
        return cli_usage_error(&cli_command_eval,
                               "--sweep measures thresholds of similarity, and --rule %s goes by "
                               "containment; leave one out",
                               ndup_rule_name(plan->options.rule));
    }
    const char *wrong = cli_sweep_read(&plan->sweep, sweep);
    if (wrong != NULL) {
        return cli_usage_error(&cli_command_eval, "--sweep: '%s' %s", sweep, wrong);
    }
    plan->chosen = cli_sweep_add(&plan->sweep, plan->options.matching.threshold);
    if (typed->own.predicted != NULL && plan->chosen > 0) {
        if (typed->own.sweep != NULL) {
            return cli_usage_error(&cli_command_eval,
                                   "--predicted is written at the threshold "
                                   "%.4g, so --sweep must not begin below it",
                                   plan->options.matching.threshold);
        }
        plan->sweep.count -= plan->chosen;
        memmove(plan->sweep.thresholds, &plan->sweep.thresholds[plan->chosen],
                plan->sweep.count * sizeof *plan->sweep.thresholds);
        plan->chosen = 0;
    }
    plan->options.exact = typed->own.exact;
    plan->options.threads = (unsigned)typed->threads.threads.value;
    return CLI_GO_ON;
}

static int resolve_any(eval_plan *plan, const cli_eval_options *typed)
{
    const char *own = cli_option_given(cli_group_table, &typed->groups);
    if (typed->own.level != NULL) {
        return cli_eval_check_level(typed);
    }
    return own == NULL
               ? resolve(plan, typed)
               : cli_usage_error(&cli_command_eval, "--%s is about groups: add --level", own);
}

static ndup_status open_gold(ndup_gold **gold, const cli_eval_own_options *typed, ndup_error *error)
{
    ndup_gold_options options = {.struct_size = sizeof options,
                                 .clusters = -1,
                                 .positive = typed->positive,
                                 .ignore = typed->ignore,
                                 .cluster_column = (unsigned)typed->cluster_column.value};
    if (typed->gold_kind != NULL && strcmp(typed->gold_kind, "auto") != 0) {
        options.clusters = strcmp(typed->gold_kind, "clusters") == 0;
    }
    return ndup_gold_open(gold, typed->gold, &options, error);
}

/* Measures every threshold of the sweep. */
static ndup_status measure(cli_measures *measures, const eval_plan *plan, const ndup_result *result,
                           const ndup_gold *gold, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < plan->sweep.count && status == NDUP_STATUS_OK; i++) {
        double threshold = plan->sweep.thresholds[i];
        measures[i].threshold = threshold;
        status = ndup_gold_is_clusters(gold)
                     ? ndup_eval_clusters(&measures[i].clusters, result, gold, threshold, error)
                     : ndup_eval_pairs(&measures[i].pairs, result, gold, threshold, error);
    }
    return status;
}

static void print(const cli_evaluation *evaluation, const cli_eval_options *typed)
{
    if (typed->own.json) {
        cli_eval_print_json(evaluation);
    } else {
        cli_eval_print(evaluation, typed->talk.colour);
    }
}

static void report(const cli_eval_options *typed, const eval_plan *plan,
                   const cli_measures *measures, const ndup_gold_coverage *coverage, bool clusters)
{
    cli_evaluation evaluation = {.gold = typed->own.gold,
                                 .options = &plan->options,
                                 .clusters = clusters,
                                 .coverage = coverage,
                                 .measures = measures,
                                 .count = plan->sweep.count,
                                 .chosen = plan->chosen};
    print(&evaluation, typed);
}

/* Says how many labelled ids the corpus does not have. */
static void say_unknown(const ndup_gold_coverage *coverage, const cli_job *job)
{
    char message[200];
    cli_formatted unknown, ids;
    if (coverage->unknown > 0) {
        size_t shown = coverage->first.length < 80 ? coverage->first.length : 80;
        snprintf(message, sizeof message, "%s of %s labelled ids are not in the corpus: first %.*s",
                 cli_format_count(&unknown, coverage->unknown),
                 cli_format_count(&ids, coverage->ids), (int)shown, coverage->first.bytes);
        job->hooks.notice(job->hooks.context, message);
    }
}

static ndup_status cover(ndup_gold_coverage *coverage, const cli_job *job, const ndup_gold *gold,
                         const ndup_result *result, ndup_error *error)
{
    ndup_status status = ndup_gold_cover(coverage, gold, result, error);
    if (status == NDUP_STATUS_OK) {
        say_unknown(coverage, job);
    }
    return status;
}

/* Lets the job tell of what was predicted if it is in its place. */
static void tell_written(const ndup_sink *predicted, const cli_eval_options *typed, cli_job *job)
{
    if (predicted != NULL && predicted->committed) {
        cli_job_note_written(job, typed->own.predicted);
    }
}

/* Opens the output for what is predicted, if it is wanted. */
static ndup_status open_predicted(ndup_sink **sink, const cli_eval_options *typed,
                                  const eval_plan *plan, const cli_inputs *inputs,
                                  const ndup_gold *gold, ndup_error *error)
{
    const char *also_read[] = {typed->own.gold, typed->inputs.list.files_from};
    ndup_output_options opening = {.struct_size = sizeof opening,
                                   .overwrite = typed->own.force,
                                   .inputs = inputs->paths.items,
                                   .input_count = inputs->paths.count,
                                   .also_read = also_read,
                                   .also_read_count = also_read[1] != NULL ? 2 : 1,
                                   .csv_raw = typed->own.csv_raw};
    return typed->own.predicted == NULL
               ? NDUP_STATUS_OK
               : ndup_predicted_open(sink, typed->own.predicted, ndup_gold_is_clusters(gold),
                                     plan->sweep.thresholds[plan->chosen], &opening, error);
}

/* The run that all thresholds are measured from. Groups at its own threshold need no pairs, of
 * which there may be many more than comparisons with survivors. */
static ndup_status find(ndup_result **result, cli_job *job, ndup_corpus *corpus,
                        const eval_plan *plan, const ndup_gold *gold, ndup_error *error)
{
    ndup_dedup_options options = plan->options;
    options.matching.threshold = plan->sweep.thresholds[0];
    options.pairs = !ndup_gold_is_clusters(gold) || plan->sweep.count > 1;
    return cli_job_dedup(job, result, NULL, corpus, &options, error);
}

static int make_run(const cli_eval_options *typed, const eval_plan *plan, const cli_inputs *inputs)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_eval, &typed->talk);
    cli_measures *measures = cli_resize(NULL, plan->sweep.count * sizeof *measures);
    ndup_gold *gold = NULL;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_sink *predicted = NULL;
    ndup_gold_coverage coverage = {0};
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    if (open_gold(&gold, &typed->own, &error) != NDUP_STATUS_OK ||
        open_predicted(&predicted, typed, plan, inputs, gold, &error) != NDUP_STATUS_OK ||
        cli_inputs_open(&corpus, inputs, &typed->inputs, typed->matching.preset, &job, &error) !=
            NDUP_STATUS_OK ||
        find(&result, &job, corpus, plan, gold, &error) != NDUP_STATUS_OK ||
        cover(&coverage, &job, gold, result, &error) != NDUP_STATUS_OK ||
        measure(measures, plan, result, gold, &error) != NDUP_STATUS_OK ||
        (predicted != NULL &&
         ndup_result_write(result, corpus, &predicted, 1, &job.hooks, &error) != NDUP_STATUS_OK)) {
        tell_written(predicted, typed, &job);
        exit = cli_job_fail(&job, &error);
    } else {
        tell_written(predicted, typed, &job);
        cli_job_end(&job);
        report(typed, plan, measures, &coverage, ndup_gold_is_clusters(gold));
        const ndup_summary *summary = ndup_result_summary(result);
        bool is_unread = cli_unread_say(&job, summary->unreadable);
        exit = cli_job_status(&job, false, summary->skipped, is_unread);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    ndup_gold_close(gold);
    ndup_output_close(predicted);
    free(measures);
    return exit;
}

static int measure_groups(const cli_eval_options *typed, const cli_inputs *inputs)
{
    cli_job job;
    ndup_gold *gold = NULL;
    ndup_corpus *corpus = NULL;
    ndup_group_summary summary;
    ndup_gold_coverage coverage;
    cli_measures measures = {0};
    cli_evaluation evaluation = {.gold = typed->own.gold};
    ndup_error error = {0};
    int exit;
    ndup_group_options options = cli_group_resolve(&typed->groups, typed->threads.threads.value);
    cli_job_begin(&job, &cli_command_eval, &typed->talk);
    if (open_gold(&gold, &typed->own, &error) != NDUP_STATUS_OK ||
        cli_inputs_open(&corpus, inputs, &typed->inputs, NULL, &job, &error) != NDUP_STATUS_OK ||
        cli_eval_groups(&evaluation, &measures, &coverage, &summary, corpus, &options,
                        typed->own.level, gold, &job, &error) != NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
    } else {
        say_unknown(&coverage, &job);
        cli_job_end(&job);
        print(&evaluation, typed);
        bool is_unread = cli_unread_say(&job, summary.unreadable);
        exit = cli_job_status(&job, false, summary.skipped, is_unread);
    }
    ndup_corpus_close(corpus);
    ndup_gold_close(gold);
    return exit;
}

static int run_eval(int argc, char *argv[])
{
    cli_eval_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_eval, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    eval_plan plan;
    cli_inputs inputs = {0};
    status = resolve_any(&plan, &typed);
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_eval);
    }
    if (status == CLI_GO_ON) {
        status = typed.own.level != NULL ? measure_groups(&typed, &inputs)
                                         : make_run(&typed, &plan, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_eval);
    return status;
}
