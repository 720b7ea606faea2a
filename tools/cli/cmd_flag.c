/* SPDX-License-Identifier: MIT */
/* neardup flag: repeats inside documents. */
#include <stdlib.h>

#include "check_options.h"
#include "commands.h"
#include "console.h"
#include "finding_lines.h"
#include "flag_print.h"
#include "input_options.h"
#include "job.h"
#include "listing.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "signals.h"
#include "encoding_hint.h"

typedef struct flag_own_options {
    cli_number threshold;
    bool refrains;
    bool site;
    cli_number site_share;
    cli_count site_pages;
    cli_count site_memory;
} flag_own_options;

typedef struct flag_options {
    cli_input_options inputs;
    cli_output_options outputs;
    cli_listing_options listing;
    cli_check_options check;
    cli_thread_options threads;
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
             "numbered clauses, lines of a series, the same words about other figures, entries of "
             "contents lists, labels of few words"},
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
             "output, .gz .zst .xz .bz2 .lz4 compress. FORMAT is one of"},
    {.name = NULL}};

static const cli_group flag_groups[] = {
    {"Repeats", repeat_table, offsetof(flag_options, own)},
    {"Sites", site_table, offsetof(flag_options, own)},
    {CLI_OUTPUT_TITLE, output_table, offsetof(flag_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(flag_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_listing_table, offsetof(flag_options, listing)},
    {CLI_OUTPUT_TITLE, cli_check_table, offsetof(flag_options, check)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(flag_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(flag_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(flag_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(flag_options, inputs.storage)},
    {"Running", cli_thread_table, offsetof(flag_options, threads)},
    {"Running", cli_talk_table, offsetof(flag_options, talk)},
    {NULL, NULL, 0}};

static const cli_example flag_examples[] = {
    {"which headlines, captions, paragraphs stand in a text twice?", "neardup flag article.txt"},
    {"a crawl without them, and a list from which all can be put back",
     "neardup flag crawl.jsonl -o cleaned:clean.jsonl -o jsonl:repeats.jsonl"},
    {"also what a whole site repeats: menus, newsletter boxes, cookie notices",
     "neardup flag pages.jsonl --site -o cleaned:clean.jsonl"},
    {"in a pipeline: fail when a text repeats itself, and say where",
     "neardup flag draft.md --check --quiet"},
    {"in a text repository: fail only when there are new repeats",
     "neardup flag docs/ --check --baseline known.sarif -o sarif:now.sarif"},
    {NULL, NULL}};

const cli_command cli_command_flag = {
    .name = "flag",
    .summary = "find what stands in a document more than once: headlines, captions, paragraphs",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Splits every document in paragraphs (lines, where it has no blank lines) and shows which "
        "of them repeat an earlier one: exactly, in other case or punctuation, nearly, as part of "
        "a longer one, or as a block of several. Without outputs the repeats are shown on standard "
        "output, in a pager when they are longer than the terminal; with --check one line each, "
        "PATH:LINE: MESSAGE, as editors read them.\n\n"
        "An INPUT is what 'neardup dedup' takes. Inputs are never changed; a cleaned output is a "
        "new file.\n\n"
        "Repeats that a text means to have are left out unless --refrains is given.",
    .examples = flag_examples,
    .groups = flag_groups,
    .exit_lines = cli_check_exit_lines,
    .run = run_flag};

static ndup_flag_options resolve(const flag_options *typed)
{
    const flag_own_options *own = &typed->own;
    ndup_flag_options options;
    ndup_flag_options_init(&options);
    options.threshold = own->threshold.given ? own->threshold.value : options.threshold;
    options.refrains = own->refrains;
    options.site = own->site;
    options.site_share = own->site_share.given ? own->site_share.value : options.site_share;
    options.site_pages = own->site_pages.given ? own->site_pages.value : options.site_pages;
    options.site_memory = own->site_memory.value;
    options.threads = (unsigned)typed->threads.threads.value;
    return options;
}

/* The sinks of a run: the outputs, then what is printed. */
typedef struct flag_sinks {
    ndup_flag_sink **items;
    size_t count;
    size_t opened; /* outputs */
    cli_flag_view view;
    cli_repeat_lines lines;
} flag_sinks;

static ndup_status open_sinks(flag_sinks *sinks, const flag_options *typed,
                              const cli_listing *listing, const cli_inputs *inputs,
                              ndup_error *error)
{
    const cli_list *outputs = &typed->outputs.outputs;
    cli_list also_read = cli_check_reads(&typed->check, typed->inputs.list.files_from);
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &inputs->paths, &also_read);
    ndup_status status = NDUP_STATUS_OK;
    sinks->items = cli_resize(NULL, (outputs->count + 2) * sizeof(*sinks->items));
    for (size_t i = 0; i < outputs->count && status == NDUP_STATUS_OK; i++) {
        status = ndup_flag_output_open(&sinks->items[i], outputs->items[i], &opening, error);
        sinks->opened += status == NDUP_STATUS_OK;
    }
    sinks->count = sinks->opened;
    cli_list_free(&also_read);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (listing->most > 0) {
        sinks->items[sinks->count++] = &sinks->view.sink;
    }
    if (typed->check.check.given) {
        sinks->items[sinks->count++] = &sinks->lines.sink;
    }
    return NDUP_STATUS_OK;
}

/* Lets the job tell of the outputs that a failure left in their place. */
static void tell_written(const flag_sinks *sinks, const cli_output_options *options, cli_job *job)
{
    for (size_t i = 0; i < sinks->opened; i++) {
        if (sinks->items[i]->committed) {
            cli_job_note_written(job, options->outputs.items[i]);
        }
    }
}

static void close_sinks(flag_sinks *sinks)
{
    for (size_t i = 0; i < sinks->opened; i++) {
        ndup_flag_output_close(sinks->items[i]);
    }
    cli_flag_view_free(&sinks->view);
    cli_repeat_lines_free(&sinks->lines);
    free(sinks->items);
}

/* Opens what is needed and makes the run; what was opened is closed by the caller. */
static ndup_status find_repeats(ndup_flag_summary *summary, ndup_corpus **corpus,
                                ndup_baseline **baseline, flag_sinks *sinks,
                                const flag_options *typed, const cli_listing *listing,
                                const cli_inputs *inputs, cli_job *job, ndup_error *error)
{
    ndup_flag_options options = resolve(typed);
    ndup_status status = open_sinks(sinks, typed, listing, inputs, error);
    if (status == NDUP_STATUS_OK) {
        status = cli_check_open(baseline, &typed->check, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = cli_inputs_open(corpus, inputs, &typed->inputs, NULL, job, error);
    }
    options.baseline = *baseline;
    return status == NDUP_STATUS_OK ? ndup_flag(summary, *corpus, &options, sinks->items,
                                                sinks->count, &job->hooks, error)
                                    : status;
}

static int make_run(const flag_options *typed, const cli_listing *listing, const cli_inputs *inputs)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_flag, &typed->talk);
    bool stdout_is_taken = cli_outputs_use_stdout(&typed->outputs);
    if (stdout_is_taken || listing->most > 0) {
        cli_job_use_stdout(&job);
    }
    job.writes_while_reading = true;
    ndup_flag_summary summary;
    flag_sinks sinks = {0};
    ndup_corpus *corpus = NULL;
    ndup_baseline *baseline = NULL;
    ndup_error error = {0};
    int exit = CLI_EXIT_FAILED;
    cli_flag_view_init(&sinks.view, listing->most, typed->talk.colour);
    cli_repeat_lines_init(&sinks.lines, stdout_is_taken ? stderr : stdout);
    if (!stdout_is_taken && (listing->most > 0 || typed->check.check.given)) {
        cli_job_hold_stdout(&job, listing->most > 0 && !typed->listing.no_pager);
    }
    if (find_repeats(&summary, &corpus, &baseline, &sinks, typed, listing, inputs, &job, &error) !=
        NDUP_STATUS_OK) {
        tell_written(&sinks, &typed->outputs, &job);
        exit = cli_job_fail(&job, &error);
    } else {
        tell_written(&sinks, &typed->outputs, &job);
        cli_flag_view_end(&sinks.view);
        cli_job_end(&job);
        cli_flag_summary_print(&job, &summary);
        cli_open_page(&typed->outputs);
        cli_check_compare(&job, &typed->check, baseline, summary.repeats, summary.known);
        bool is_unread = cli_unread_say(&job, summary.unreadable);
        exit =
            cli_job_status(&job, cli_check_is_over(&typed->check, summary.repeats - summary.known),
                           summary.skipped, is_unread);
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
    cli_listing listing;
    status = cli_outputs_check(&typed.outputs, &cli_command_flag, format_name);
    if (status == CLI_GO_ON) {
        bool shows =
            typed.outputs.outputs.count == 0 && !typed.talk.quiet && !typed.check.check.given;
        status = cli_listing_resolve(&listing, &typed.listing, shows ? UINT64_MAX : 0,
                                     &typed.outputs, &cli_command_flag);
    }
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_flag);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &listing, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_flag);
    return status;
}
