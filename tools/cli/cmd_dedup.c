/* SPDX-License-Identifier: MIT */
/* neardup dedup: the main job. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "matching_options.h"
#include "neardup.h"
#include "output_options.h"
#include "summary.h"

typedef struct dedup_own_options {
    bool exact;
    cli_count audit;
    bool drop_all;
    cli_count check;
    const char *baseline;
    cli_count threads;
    const char *unit;
    bool profile;
} dedup_own_options;

typedef struct dedup_options {
    cli_matching_options matching;
    cli_keep_options keep;
    cli_input_options inputs;
    cli_output_options outputs;
    cli_talk_options talk;
    dedup_own_options own;
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
static const cli_option keep_table[] = {{.name = "drop-all",
                                         .kind = CLI_FLAG,
                                         .offset = offsetof(dedup_own_options, drop_all),
                                         .help = "drop the kept document of every group too"},
                                        {.name = NULL}};
static const cli_option output_table[] = {
    {.name = "check",
     .kind = CLI_COUNT_OPTIONAL,
     .offset = offsetof(dedup_own_options, check),
     .argument = "N",
     .help = "exit with status 1 when more than N documents are dropped (N is 0 where not given)"},
    {.name = "baseline",
     .kind = CLI_TEXT,
     .offset = offsetof(dedup_own_options, baseline),
     .argument = "OLD",
     .is_path = true,
     .help = "a plan or SARIF file of an earlier run: --check counts only what is new, and sarif "
             "outputs tell new from known"},
    {.name = NULL}};
static const cli_option running_table[] = {
    {.name = "threads",
     .letter = 'j',
     .kind = CLI_COUNT,
     .offset = offsetof(dedup_own_options, threads),
     .argument = "N",
     .range = {.least = 1, .most = 1024},
     .standard = "all processors",
     .help = "threads to use; the outcome does not depend on it"},
    {.name = "profile",
     .kind = CLI_FLAG,
     .offset = offsetof(dedup_own_options, profile),
     .help = "print where the time went, stage by stage and worker by worker"},
    {.name = NULL}};

static const cli_group dedup_groups[] = {
    {CLI_MATCHING_TITLE, unit_table, offsetof(dedup_options, own)},
    {CLI_MATCHING_TITLE, cli_rule_table, offsetof(dedup_options, matching)},
    {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(dedup_options, matching)},
    {CLI_KEEP_TITLE, cli_keep_table, offsetof(dedup_options, keep)},
    {CLI_KEEP_TITLE, keep_table, offsetof(dedup_options, own)},
    {CLI_OUTPUT_TITLE, cli_output_table, offsetof(dedup_options, outputs)},
    {CLI_OUTPUT_TITLE, output_table, offsetof(dedup_options, own)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(dedup_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(dedup_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(dedup_options, inputs.storage)},
    {CLI_SEARCH_TITLE, cli_search_table, offsetof(dedup_options, matching)},
    {CLI_SEARCH_TITLE, cli_seed_table, offsetof(dedup_options, matching)},
    {CLI_SEARCH_TITLE, search_table, offsetof(dedup_options, own)},
    {"Running", running_table, offsetof(dedup_options, own)},
    {"Running", cli_talk_table, offsetof(dedup_options, talk)},
    {NULL, NULL, 0}};

static const cli_example dedup_examples[] = {
    {"what is repeated in a folder? (writes nothing)", "neardup dedup corpus/"},
    {"a folder without near-duplicates, and the reason for every removal",
     "neardup dedup corpus/ -o tree:kept/ -o plan:plan.jsonl"},
    {"compressed records in and out, the longest version of a text stays",
     "neardup dedup crawl.jsonl.zst --keep longest -o jsonl:kept.jsonl.zst"},
    {"look at the pairs as a table", "neardup dedup crawl.jsonl -o pairs:pairs.csv"},
    {"in a pipeline: fail when there are duplicates", "generate | neardup dedup - --check --quiet"},
    {"in a text repository: fail only when there are new ones",
     "neardup dedup docs/ --check --baseline known.sarif -o sarif:now.sarif"},
    {NULL, NULL}};

static const char *const dedup_exit_lines[] = {"0  done",
                                               "1  only with --check: too many duplicates",
                                               "2  wrong use",
                                               "3  done, but some inputs were skipped",
                                               "4  failed or cancelled; nothing was written",
                                               NULL};

const cli_command cli_command_dedup = {
    .name = "dedup",
    .summary = "remove near-duplicate documents from a corpus, with the reason for each",
    .operands = "INPUT...",
    .description =
        "Reads every document of the inputs, decides which of them to keep, and writes the outputs "
        "that were asked for; without any it only prints the summary.\n\n"
        "An INPUT is a folder (its .txt, .md and .html files are documents, its .jsonl, .csv, "
        ".tsv, .warc and .wet files hold records, also with .gz, .zst, .xz, .bz2 or .lz4 behind), "
        "such a file, any other file as one document, or - for standard input: JSON lines, or what "
        "--stdin-format says. Of a table the first row names the fields; of a web archive the "
        "pages and texts are read, with the fields id, url, date, digest, source, title, "
        "published, language and text; of a feed (.rss, .atom, .xml) the entries, of a list of "
        "<item> elements the items; of mail (.eml, .mbox) the messages; of subtitles (.srt, .vtt) "
        "the lines that are shown. Archives (.tar, .zip, .wacz, .epub) are read like folders.\n\n"
        "A document is dropped only with a kept document whose exact similarity to it is at or "
        "above the threshold, or which has the same text. Inputs are never changed. Outputs appear "
        "whole or not at all, and existing ones are not replaced without --force.",
    .examples = dedup_examples,
    .groups = dedup_groups,
    .exit_lines = dedup_exit_lines,
    .run = run_dedup};

/* Turns what was typed into options of the library. */
static int resolve(ndup_dedup_options *resolved, dedup_options *typed)
{
    static const char *const with_pairs[] = {"pairs", NULL};
    static const char *const of_documents[] = {"tree", "plan", NULL};
    static const char *const with_spans[] = {"plan", "removed", "annotated", "sarif", NULL};
    int status = cli_outputs_check(&typed->outputs, &cli_command_dedup, cli_output_format);
    if (status != CLI_GO_ON) {
        return status;
    }
    bool splits = typed->own.unit != NULL && strcmp(typed->own.unit, unit_choice(0)) != 0;
    if (splits && cli_outputs_have(&typed->outputs, of_documents)) {
        return cli_usage_error(&cli_command_dedup,
                               "--unit paragraph: tree and plan are about documents; removed, "
                               "clusters and annotated tell of paragraphs");
    }
    status = cli_matching_resolve(resolved, &typed->matching, &cli_command_dedup);
    if (status != CLI_GO_ON) {
        return status;
    }
    cli_keep_resolve(resolved, &typed->keep);
    resolved->exact = typed->own.exact;
    resolved->audit = typed->own.audit.value;
    resolved->drop_all = typed->own.drop_all;
    resolved->threads = (unsigned)typed->own.threads.value;
    resolved->profile = typed->own.profile;
    resolved->pairs = cli_outputs_have(&typed->outputs, with_pairs);
    resolved->spans = cli_outputs_have(&typed->outputs, with_spans);
    return CLI_GO_ON;
}

static int exit_status(const dedup_options *typed, const cli_job *job, const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    uint64_t counted = summary->dropped - ndup_result_known(result);
    if (typed->own.check.given && counted > typed->own.check.value) {
        return CLI_EXIT_DUPLICATES;
    }
    return job->skipped > 0 || summary->skipped > 0 ? CLI_EXIT_SKIPPED : CLI_EXIT_DONE;
}

/* Tells the known duplicates of the result from new ones. */
static ndup_status compare(ndup_result *result, const char *path, const cli_job *job,
                           ndup_error *error)
{
    ndup_baseline *baseline;
    cli_formatted known, fresh, gone;
    ndup_status status = ndup_baseline_open(&baseline, path, NULL, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup_result_compare(result, baseline, error);
    if (status == NDUP_STATUS_OK && !job->quiet && !cli_job_is_json(job)) {
        uint64_t count = ndup_result_known(result);
        cli_complain("%s new, %s known, %s gone since %s",
                     cli_format_count(&fresh, ndup_result_summary(result)->dropped - count),
                     cli_format_count(&known, count),
                     cli_format_count(&gone, ndup_baseline_count(baseline) - count), path);
    }
    ndup_baseline_close(baseline);
    return status;
}

/* Puts the paragraphs of the corpus in its place. */
static ndup_status split(ndup_corpus **corpus, const dedup_options *typed, const cli_job *job,
                         ndup_error *error)
{
    if (typed->own.unit == NULL || strcmp(typed->own.unit, unit_choice(0)) == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_corpus_options options = cli_corpus_options(NULL, &typed->inputs.storage);
    return ndup_corpus_open_units(corpus, *corpus, &options, &job->hooks, error);
}

/* Opens what is needed, makes the run and writes the outputs. */
static int make_run(const dedup_options *typed, const ndup_dedup_options *resolved,
                    const cli_inputs *inputs)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_dedup, &typed->talk);
    job.writes_stdout = cli_outputs_use_stdout(&typed->outputs);
    cli_outputs outputs = {0};
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    if (cli_outputs_open(&outputs, &typed->outputs, &error) != NDUP_STATUS_OK ||
        cli_inputs_open(&corpus, inputs, &typed->inputs, &job, &error) != NDUP_STATUS_OK ||
        split(&corpus, typed, &job, &error) != NDUP_STATUS_OK ||
        cli_job_dedup(&job, &result, corpus, resolved, &error) != NDUP_STATUS_OK ||
        (typed->own.baseline != NULL &&
         compare(result, typed->own.baseline, &job, &error) != NDUP_STATUS_OK)) {
        exit = cli_job_fail(&job, &error);
        goto done;
    }
    if (outputs.count > 0 && ndup_result_write(result, corpus, outputs.sinks, outputs.count,
                                               &job.hooks, &error) != NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
        goto done;
    }
    cli_job_end(&job);
    cli_summary_print(&job, result, &typed->outputs.outputs);
    exit = exit_status(typed, &job, result);
done:
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    cli_outputs_close(&outputs);
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
    ndup_dedup_options resolved;
    cli_inputs inputs = {0};
    status = resolve(&resolved, &typed);
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_dedup);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &resolved, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_dedup);
    return status;
}
