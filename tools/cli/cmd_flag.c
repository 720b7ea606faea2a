/* SPDX-License-Identifier: MIT */
/* neardup flag: repeats inside documents. */
#include <stdlib.h>

#include "commands.h"
#include "console.h"
#include "flag_print.h"
#include "format.h"
#include "input_options.h"
#include "job.h"
#include "neardup.h"
#include "output_options.h"
#include "signals.h"

typedef struct flag_own_options {
    cli_number threshold;
    bool refrains;
    bool site;
    cli_number site_share;
    cli_count site_pages;
    cli_count site_memory;
    cli_count check;
    const char *baseline;
    cli_count threads;
} flag_own_options;

typedef struct flag_options {
    cli_input_options inputs;
    cli_output_options outputs;
    cli_talk_options talk;
    flag_own_options own;
} flag_options;

static int run_flag(int argc, char *argv[]);

static const char *format_name(size_t i)
{
    const ndup_output_info *format = ndup_flag_output_get(i);
    return format != NULL ? format->name : NULL;
}

static const char *format_meaning(size_t i)
{
    const ndup_output_info *format = ndup_flag_output_get(i);
    return format != NULL ? format->summary : NULL;
}

static const cli_option repeat_table[] = {
    {.name = "threshold",
     .letter = 't',
     .kind = CLI_NUMBER,
     .offset = offsetof(flag_own_options, threshold),
     .argument = "T",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "0.7",
     .help = "least similarity of near repeats"},
    {.name = "refrains",
     .kind = CLI_FLAG,
     .offset = offsetof(flag_own_options, refrains),
     .help = "also show repeats that a text means to have: choruses, table rows, dialogue, "
             "numbered clauses, the same words about other figures, labels of few words"},
    {.name = NULL}};
static const cli_option site_table[] = {
    {.name = "site",
     .kind = CLI_FLAG,
     .offset = offsetof(flag_own_options, site),
     .help = "also find paragraphs that stand on many pages of one host; reads the inputs twice"},
    {.name = "site-share",
     .kind = CLI_NUMBER,
     .offset = offsetof(flag_own_options, site_share),
     .argument = "SHARE",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "0.3",
     .help = "share of the host's pages"},
    {.name = "site-pages",
     .kind = CLI_COUNT,
     .offset = offsetof(flag_own_options, site_pages),
     .argument = "N",
     .range = {.least = 2, .most = 1e9},
     .standard = "5",
     .help = "pages at least"},
    {.name = "site-memory",
     .kind = CLI_SIZE,
     .offset = offsetof(flag_own_options, site_memory),
     .argument = "SIZE",
     .range = {.least = 65536, .most = 1e15},
     .standard = "256MiB",
     .help = "memory for counting; with less, rare paragraphs are forgotten and counted anew"},
    {.name = NULL}};
static const cli_option output_table[] = {
    {.name = "output",
     .letter = 'o',
     .kind = CLI_LIST,
     .offset = offsetof(cli_output_options, outputs),
     .argument = "FORMAT:PATH",
     .choice = format_name,
     .meaning = format_meaning,
     .is_path = true,
     .help = "write an output instead of showing the repeats; may be repeated; PATH - is standard "
             "output, .gz and .zst compress. FORMAT is one of"},
    {.name = "report-dir",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_output_options, report_dir),
     .argument = "DIR",
     .is_path = true,
     .help = "the same as -o pages:DIR: pages to read, for all documents that repeat themselves"},
    {.name = "force",
     .letter = 'f',
     .kind = CLI_FLAG,
     .offset = offsetof(cli_output_options, force),
     .help = "replace outputs that exist"},
    {.name = NULL}};
static const cli_option check_table[] = {
    {.name = "check",
     .kind = CLI_COUNT_OPTIONAL,
     .offset = offsetof(flag_own_options, check),
     .argument = "N",
     .help = "exit with status 1 when there are more than N repeats (N is 0 where not given)"},
    {.name = "baseline",
     .kind = CLI_TEXT,
     .offset = offsetof(flag_own_options, baseline),
     .argument = "OLD",
     .is_path = true,
     .help = "a SARIF file of an earlier run: --check counts only passages that are new, and sarif "
             "outputs tell new from known"},
    {.name = NULL}};
static const cli_option running_table[] = {
    {.name = "threads",
     .letter = 'j',
     .kind = CLI_COUNT,
     .offset = offsetof(flag_own_options, threads),
     .argument = "N",
     .range = {.least = 1, .most = 1024},
     .standard = "all processors",
     .help = "threads to use; the outcome does not depend on it"},
    {.name = NULL}};

static const cli_group flag_groups[] = {
    {"Repeats", repeat_table, offsetof(flag_options, own)},
    {"Sites", site_table, offsetof(flag_options, own)},
    {CLI_OUTPUT_TITLE, output_table, offsetof(flag_options, outputs)},
    {CLI_OUTPUT_TITLE, check_table, offsetof(flag_options, own)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(flag_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(flag_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(flag_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(flag_options, inputs.storage)},
    {"Running", running_table, offsetof(flag_options, own)},
    {"Running", cli_talk_table, offsetof(flag_options, talk)},
    {NULL, NULL, 0}};

static const cli_example flag_examples[] = {
    {"which headlines, captions, paragraphs stand in a text twice?", "neardup flag article.txt"},
    {"a crawl without them, and a list from which all can be put back",
     "neardup flag crawl.jsonl -o cleaned:clean.jsonl -o jsonl:repeats.jsonl"},
    {"also what a whole site repeats: menus, newsletter boxes, cookie notices",
     "neardup flag pages.jsonl --site -o cleaned:clean.jsonl"},
    {"in a pipeline: fail when a text repeats itself", "neardup flag draft.md --check --quiet"},
    {"in a text repository: fail only when there are new repeats",
     "neardup flag docs/ --check --baseline known.sarif -o sarif:now.sarif"},
    {NULL, NULL}};

static const char *const flag_exit_lines[] = {"0  done",
                                              "1  only with --check: too many repeats",
                                              "2  wrong use",
                                              "3  done, but some inputs were skipped",
                                              "4  failed or cancelled; nothing was written",
                                              NULL};

const cli_command cli_command_flag = {
    .name = "flag",
    .summary = "find what stands in a document more than once: headlines, captions, paragraphs",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Splits every document in paragraphs (lines, where it has no blank lines) and shows which "
        "of them repeat an earlier one: exactly, in other case or punctuation, nearly, as part of "
        "a longer one, or as a block of several. Without outputs the repeats are shown on standard "
        "output.\n\n"
        "An INPUT is what 'neardup dedup' takes. Inputs are never changed; a cleaned output is a "
        "new file.\n\n"
        "Repeats that a text means to have are left out unless --refrains is given.",
    .examples = flag_examples,
    .groups = flag_groups,
    .exit_lines = flag_exit_lines,
    .run = run_flag};

static ndup_flag_options resolve(const flag_own_options *own)
{
    ndup_flag_options options;
    ndup_flag_options_init(&options);
    options.threshold = own->threshold.given ? own->threshold.value : options.threshold;
    options.refrains = own->refrains;
    options.site = own->site;
    options.site_share = own->site_share.given ? own->site_share.value : options.site_share;
    options.site_pages = own->site_pages.given ? own->site_pages.value : options.site_pages;
    options.site_memory = own->site_memory.value;
    options.threads = (unsigned)own->threads.value;
    return options;
}

/* The sinks of a run; the view stands for the outputs when there are none. */
typedef struct flag_sinks {
    ndup_flag_sink **items;
    size_t count;
    size_t opened;
    cli_flag_view view;
} flag_sinks;

static ndup_status open_sinks(flag_sinks *sinks, const flag_options *typed,
                              const cli_inputs *inputs, ndup_error *error)
{
    const cli_list *outputs = &typed->outputs.outputs;
    ndup_output_options opening = {.struct_size = sizeof opening,
                                   .overwrite = typed->outputs.force,
                                   .inputs = inputs->paths.items,
                                   .input_count = inputs->paths.count};
    sinks->items = cli_resize(NULL, (outputs->count + 1) * sizeof(*sinks->items));
    cli_flag_view_init(&sinks->view, typed->talk.colour);
    if (outputs->count == 0 && !typed->talk.quiet) {
        sinks->items[sinks->count++] = &sinks->view.sink;
    }
    for (size_t i = 0; i < outputs->count; i++) {
        ndup_status status =
            ndup_flag_output_open(&sinks->items[i], outputs->items[i], &opening, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        sinks->count++;
        sinks->opened++;
    }
    return NDUP_STATUS_OK;
}

/* The view is there or the outputs are. */
static void close_sinks(flag_sinks *sinks)
{
    for (size_t i = 0; i < sinks->opened; i++) {
        ndup_flag_output_close(sinks->items[i]);
    }
    cli_flag_view_free(&sinks->view);
    free(sinks->items);
}

/* Says how many repeats are new. */
static void print_comparison(const ndup_baseline *baseline, const char *path, const cli_job *job,
                             const ndup_flag_summary *summary)
{
    cli_formatted fresh, known, gone;
    if (baseline != NULL && !job->quiet && !cli_job_is_json(job)) {
        cli_complain("%s new, %s known, %s gone since %s",
                     cli_format_count(&fresh, summary->repeats - summary->known),
                     cli_format_count(&known, summary->known),
                     cli_format_count(&gone, ndup_baseline_count(baseline) - summary->known), path);
    }
}

static int exit_status(const flag_options *typed, const cli_job *job,
                       const ndup_flag_summary *summary)
{
    if (cli_finish_stdout() != CLI_EXIT_DONE) {
        return CLI_EXIT_FAILED;
    }
    if (typed->own.check.given && summary->repeats - summary->known > typed->own.check.value) {
        return CLI_EXIT_DUPLICATES;
    }
    return job->skipped > 0 || summary->skipped > 0 ? CLI_EXIT_SKIPPED : CLI_EXIT_DONE;
}

static ndup_status open_baseline(ndup_baseline **baseline, ndup_flag_options *options,
                                 const char *path, ndup_error *error)
{
    if (path == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup_baseline_open(baseline, path, NULL, error);
    options->baseline = *baseline;
    return status;
}

static int make_run(const flag_options *typed, const cli_inputs *inputs)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_flag, &typed->talk);
    job.writes_stdout =
        typed->outputs.outputs.count == 0 || cli_outputs_use_stdout(&typed->outputs);
    ndup_flag_options options = resolve(&typed->own);
    ndup_flag_summary summary;
    flag_sinks sinks = {0};
    ndup_corpus *corpus = NULL;
    ndup_baseline *baseline = NULL;
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    if (open_sinks(&sinks, typed, inputs, &error) != NDUP_STATUS_OK ||
        open_baseline(&baseline, &options, typed->own.baseline, &error) != NDUP_STATUS_OK ||
        cli_inputs_open(&corpus, inputs, &typed->inputs, &job, &error) != NDUP_STATUS_OK ||
        ndup_flag(&summary, corpus, &options, sinks.items, sinks.count, &job.hooks, &error) !=
            NDUP_STATUS_OK) {
        exit = cli_job_fail(&job, &error);
    } else {
        cli_job_end(&job);
        cli_flag_summary_print(&job, &summary);
        print_comparison(baseline, typed->own.baseline, &job, &summary);
        exit = exit_status(typed, &job, &summary);
    }
    ndup_corpus_close(corpus);
    ndup_baseline_close(baseline);
    close_sinks(&sinks);
    return exit;
}

static int run_flag(int argc, char *argv[])
{
    flag_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_flag, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    cli_inputs inputs = {0};
    status = cli_outputs_check(&typed.outputs, &cli_command_flag, format_name);
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_flag);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_flag);
    return status;
}
