/* SPDX-License-Identifier: MIT */
/* neardup passages: what documents share. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "encoding_hint.h"
#include "input_options.h"
#include "job.h"
#include "listing.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "passage_print.h"

/* Families that are shown where --list does not say. */
enum { FAMILIES_USUAL = 20 };

typedef struct passage_own_options {
    cli_count min_words;
    cli_count min_documents;
    cli_count max_documents;
    const char *series;
    const char *against;
    cli_count memory;
} passage_own_options;

typedef struct passage_options {
    cli_input_options inputs;
    cli_output_options outputs;
    cli_listing_options listing;
    cli_thread_options threads;
    cli_talk_options talk;
    passage_own_options own;
} passage_options;

static int run_passages(int argc, char *argv[]);

static const char *format_name(size_t i)
{
    const ndup_output_info *format = ndup_passage_output_get(i);
    return format != NULL ? format->name : NULL;
}

static const char *format_meaning(size_t i)
{
    const ndup_output_info *format = ndup_passage_output_get(i);
    return format != NULL ? format->summary : NULL;
}

static const cli_option passage_table[] = {
    {.name = "min-tokens",
     .kind = CLI_COUNT,
     .offset = offsetof(passage_own_options, min_words),
     .argument = "N",
     .range = {.least = 5, .most = 1000},
     .standard = "15",
     .help = "find every run of N words that two documents share; two ideographs, or four letters "
             "of a script without spaces, count as a word"},
    {.name = "min-documents",
     .kind = CLI_COUNT,
     .offset = offsetof(passage_own_options, min_documents),
     .argument = "N",
     .range = {.least = 2, .most = 4e9},
     .standard = "2",
     .help = "only passages that stand in so many documents"},
    {.name = "max-documents",
     .kind = CLI_COUNT,
     .offset = offsetof(passage_own_options, max_documents),
     .argument = "N",
     .range = {.least = 2, .most = 4e9},
     .standard = "1000",
     .help = "runs in more documents are boilerplate: they are counted and propose nothing"},
    {.name = "series",
     .kind = CLI_TEXT,
     .offset = offsetof(passage_own_options, series),
     .argument = "FIELD",
     .help = "leave out what documents share that have the same value there, such as what one "
             "source repeats of itself: --series source"},
    {.name = "against",
     .kind = CLI_TEXT,
     .offset = offsetof(passage_own_options, against),
     .argument = "CORPUS",
     .is_path = true,
     .help = "look only for what the inputs share with this file or folder"},
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
     .help = "write an output instead of showing the passages; may be repeated; PATH - is standard "
             "output, .gz .zst .xz .bz2 .lz4 compress. FORMAT is one of"},
    {.name = NULL}};
static const cli_option memory_table[] = {
    {.name = "memory",
     .kind = CLI_SIZE,
     .offset = offsetof(passage_own_options, memory),
     .argument = "SIZE",
     .range = {.least = 1 << 20, .most = 1e15},
     .standard = "1GiB",
     .help = "for each of three tables, before it goes to a temporary file; 1 GiB holds 45 million "
             "fingerprints, of 400,000 articles of 3 KB"},
    {.name = NULL}};

static const cli_group passage_groups[] = {
    {"Passages", passage_table, offsetof(passage_options, own)},
    {CLI_OUTPUT_TITLE, output_table, offsetof(passage_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(passage_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(passage_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_listing_table, offsetof(passage_options, listing)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(passage_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(passage_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(passage_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(passage_options, inputs.storage)},
    {"Running", cli_thread_table, offsetof(passage_options, threads)},
    {"Running", memory_table, offsetof(passage_options, own)},
    {"Running", cli_talk_table, offsetof(passage_options, talk)},
    {NULL, NULL, 0}};

static const cli_example passage_examples[] = {
    {"who quotes whom? the passages that stand in most articles",
     "neardup passages articles.jsonl"},
    {"every pair of spans, and every passage with all its places",
     "neardup passages articles.jsonl -o jsonl:pairs.jsonl -o families:passages.jsonl"},
    {"a page to read: each passage with its places side by side, and who had it first",
     "neardup passages articles.jsonl -o html:passages.html --open"},
    {"what papers take from each other, not from themselves",
     "neardup passages articles.jsonl --series source -o csv:reuse.csv"},
    {"do the training texts hold passages of the test set?",
     "neardup passages train/ --against test.jsonl -o jsonl:leaks.jsonl"},
    {"boilerplate: what stands in a hundred pages or more",
     "neardup passages crawl.jsonl.zst --min-documents 100 --max-documents 100000"},
    {NULL, NULL}};

static const char *const passage_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong",
    "3  done, but some inputs were skipped or could not be read (they are named)", "4  failed",
    NULL};

const cli_command cli_command_passages = {
    .name = "passages",
    .summary = "find the passages that documents share: quotations, excerpts, boilerplate",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Finds every run of words that two documents share, from 15 words on, and joins runs with "
        "small edits between them to passages, each with its own similarity. A passage and all "
        "places where it, or most of it, stands are a family. Who had it first is told by dates; "
        "documents without a date are never first.\n\n"
        "Texts are compared by their words, as 'neardup dedup' does: case, accents and marks do "
        "not count. By default the passages of most documents are shown.\n\n"
        "The format passim has a line a place, with the members that tools for passim's clusters "
        "read: cluster (the family), size (its places), id, series (the source), date, begin and "
        "end (bytes in the text, where passim counts characters).\n\n"
        "An INPUT is what 'neardup dedup' takes. Inputs are never changed.",
    .examples = passage_examples,
    .groups = passage_groups,
    .exit_lines = passage_exit_lines,
    .run = run_passages};

static void set_count(uint64_t *option, const cli_count *typed)
{
    if (typed->given) {
        *option = typed->value;
    }
}

static ndup_passage_options resolve(const passage_options *typed)
{
    const passage_own_options *own = &typed->own;
    ndup_passage_options options;
    ndup_passage_options_init(&options);
    if (own->min_words.given) {
        options.min_words = (unsigned)own->min_words.value;
    }
    set_count(&options.min_documents, &own->min_documents);
    set_count(&options.max_documents, &own->max_documents);
    set_count(&options.memory, &own->memory);
    options.series = own->series;
    options.threads = (unsigned)typed->threads.threads.value;
    return options;
}

/* All that a run opens. */
typedef struct passage_job {
    cli_job job;
    ndup_passage_options options;
    ndup_corpus *corpus;
    ndup_passage_sink **sinks;
    size_t opened; /* outputs */
    size_t sink_count;
    cli_passage_view view;
} passage_job;

static ndup_status open_sinks(passage_job *run, const passage_options *typed,
                              const cli_listing *listing, const cli_inputs *inputs,
                              ndup_error *error)
{
    const cli_list *outputs = &typed->outputs.outputs;
    cli_list also_read = {0};
    if (typed->own.against != NULL) {
        cli_list_add(&also_read, typed->own.against);
    }
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &inputs->paths, &also_read);
    ndup_status status = NDUP_STATUS_OK;
    run->sinks = cli_resize(NULL, (outputs->count + 1) * sizeof *run->sinks);
    for (size_t i = 0; i < outputs->count && status == NDUP_STATUS_OK; i++) {
        status = ndup_passage_output_open(&run->sinks[i], outputs->items[i], &opening, error);
        run->opened += status == NDUP_STATUS_OK;
    }
    run->sink_count = run->opened;
    if (status == NDUP_STATUS_OK && listing->most > 0) {
        run->sinks[run->sink_count++] = &run->view.sink;
    }
    cli_list_free(&also_read);
    return status;
}

static ndup_status open_corpora(passage_job *run, const passage_options *typed,
                                const cli_inputs *inputs, ndup_error *error)
{
    ndup_status status =
        cli_inputs_open(&run->corpus, inputs, &typed->inputs, NULL, &run->job, error);
    if (status == NDUP_STATUS_OK && typed->own.against != NULL) {
        cli_inputs against = {0};
        cli_list_add(&against.paths, typed->own.against);
        status = cli_inputs_open(&run->options.against, &against, &typed->inputs, NULL, &run->job,
                                 error);
        cli_list_free(&against.paths);
    }
    return status;
}

static ndup_status find_passages(ndup_passage_summary *summary, passage_job *run,
                                 const passage_options *typed, const cli_listing *listing,
                                 const cli_inputs *inputs, ndup_error *error)
{
    run->options = resolve(typed);
    ndup_status status = open_sinks(run, typed, listing, inputs, error);
    if (status == NDUP_STATUS_OK) {
        status = open_corpora(run, typed, inputs, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_passages(summary, run->corpus, &run->options, run->sinks, run->sink_count,
                               &run->job.hooks, error);
    }
    for (size_t i = 0; i < run->opened; i++) {
        if (run->sinks[i]->committed) {
            cli_job_note_written(&run->job, typed->outputs.outputs.items[i]);
        }
    }
    return status;
}

static void close_all(passage_job *run)
{
    ndup_corpus_close(run->corpus);
    ndup_corpus_close(run->options.against);
    for (size_t i = 0; i < run->opened; i++) {
        ndup_passage_output_close(run->sinks[i]);
    }
    cli_passage_view_free(&run->view);
    free(run->sinks);
}

static int make_run(const passage_options *typed, const cli_listing *listing,
                    const cli_inputs *inputs)
{
    passage_job run = {0};
    ndup_passage_summary summary;
    ndup_error error = {0};
    int exit;
    cli_job_begin(&run.job, &cli_command_passages, &typed->talk);
    bool stdout_is_taken = cli_outputs_use_stdout(&typed->outputs);
    if (stdout_is_taken || listing->most > 0) {
        cli_job_use_stdout(&run.job);
    }
    cli_passage_view_init(&run.view, listing->most, typed->talk.colour);
    if (!stdout_is_taken && listing->most > 0) {
        cli_job_hold_stdout(&run.job, !typed->listing.no_pager);
    }
    if (find_passages(&summary, &run, typed, listing, inputs, &error) != NDUP_STATUS_OK) {
        exit = cli_job_fail(&run.job, &error);
    } else {
        cli_passage_view_print(&run.view);
        cli_job_end(&run.job);
        cli_passage_summary_print(&run.job, &run.options, &summary);
        cli_open_page(&typed->outputs);
        bool is_unread = cli_unread_say(&run.job, summary.unreadable);
        exit = cli_job_status(&run.job, false, summary.skipped, is_unread);
    }
    close_all(&run);
    return exit;
}

/* Whether both corpora would be read from standard input. */
static bool reads_stdin_twice(const passage_options *typed, const cli_inputs *inputs)
{
    const char *list = typed->inputs.list.files_from;
    bool is_read = list != NULL && strcmp(list, "-") == 0;
    for (size_t i = 0; i < inputs->paths.count; i++) {
        is_read |= strcmp(inputs->paths.items[i], "-") == 0;
    }
    return is_read && typed->own.against != NULL && strcmp(typed->own.against, "-") == 0;
}

static int run_passages(int argc, char *argv[])
{
    passage_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_passages, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    cli_inputs inputs = {0};
    cli_listing listing;
    status = cli_outputs_check(&typed.outputs, &cli_command_passages, format_name);
    if (status == CLI_GO_ON) {
        bool shows = typed.outputs.outputs.count == 0 && !typed.talk.quiet;
        status = cli_listing_resolve(&listing, &typed.listing, shows ? FAMILIES_USUAL : 0,
                                     &typed.outputs, &cli_command_passages);
    }
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_passages);
    }
    if (status == CLI_GO_ON && reads_stdin_twice(&typed, &inputs)) {
        status = cli_usage_error(&cli_command_passages, "standard input (-) can be read only once");
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &listing, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_passages);
    return status;
}
