/* SPDX-License-Identifier: MIT */
/* neardup group: copies and stories across sources. */
#include <stdlib.h>

#include "commands.h"
#include "console.h"
#include "encoding_hint.h"
#include "group_options.h"
#include "group_print.h"
#include "group_stream.h"
#include "input_options.h"
#include "job.h"
#include "listing.h"
#include "neardup.h"
#include "open_page.h"
#include "output_options.h"
#include "story_print.h"

/* Stories that are shown where --list does not say. */
enum { STORIES_USUAL = 20 };

typedef struct group_explain_options {
    const char *explain;
    bool json;
} group_explain_options;

typedef struct group_options {
    cli_input_options inputs;
    cli_output_options outputs;
    cli_listing_options listing;
    cli_thread_options threads;
    cli_talk_options talk;
    cli_group_options own;
    group_explain_options explain;
    cli_stream_options stream;
} group_options;

static int run_group(int argc, char *argv[]);

static const char *format_name(size_t i)
{
    const ndup_output_info *format = ndup_group_output_get(i);
    return format != NULL ? format->name : NULL;
}

static const char *format_meaning(size_t i)
{
    const ndup_output_info *format = ndup_group_output_get(i);
    return format != NULL ? format->summary : NULL;
}

const cli_option cli_group_table[] = {
    {.name = "share",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_group_options, share),
     .argument = "S",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "0.5",
     .help = "a text is a partial copy from this share of the shorter one's words on"},
    {.name = "within",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_group_options, within),
     .argument = "DAYS",
     .range = {.least = 0, .most = 1e6, .open_least = true},
     .standard = "7, or as long as three documents take to come",
     .help = "documents farther apart count as unlike; those without a date are told by "
             "their words alone"},
    {.name = "bar",
     .kind = CLI_NUMBER,
     .offset = offsetof(cli_group_options, bar),
     .argument = "B",
     .range = {.least = 0, .most = 1, .open_least = true, .open_most = true},
     .standard = "0.15",
     .help = "mean likeness that the texts of a story have at least; higher tells stories apart "
             "that are one, lower merges those that are not"},
    {.name = NULL}};
static const cli_option explain_table[] = {
    {.name = "explain",
     .kind = CLI_TEXT,
     .offset = offsetof(group_explain_options, explain),
     .argument = "ID",
     .help =
         "say why the story of this document is one, and which other story is nearest, instead "
         "of showing the stories; where no document has such an id, of the story of this number"},
    {.name = "json",
     .kind = CLI_FLAG,
     .offset = offsetof(group_explain_options, json),
     .help = "say it as JSON"},
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
     .help = "write an output instead of showing the stories; may be repeated; PATH - is standard "
             "output, .gz .zst .xz .bz2 .lz4 compress. FORMAT is one of"},
    {.name = NULL}};

static const cli_group group_groups[] = {
    {"Groups", cli_group_table, offsetof(group_options, own)},
    {"As they come", cli_stream_table, offsetof(group_options, stream)},
    {CLI_OUTPUT_TITLE, output_table, offsetof(group_options, outputs)},
    {CLI_OUTPUT_TITLE, explain_table, offsetof(group_options, explain)},
    {CLI_OUTPUT_TITLE, cli_target_table, offsetof(group_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_csv_table, offsetof(group_options, outputs)},
    {CLI_OUTPUT_TITLE, cli_listing_table, offsetof(group_options, listing)},
    {CLI_INPUT_TITLE, cli_list_table, offsetof(group_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(group_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(group_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(group_options, inputs.storage)},
    {"Running", cli_thread_table, offsetof(group_options, threads)},
    {"Running", cli_talk_table, offsetof(group_options, talk)},
    {NULL, NULL, 0}};

static const cli_example group_examples[] = {
    {"what are these papers writing about, and who took it from whom?",
     "neardup group articles.jsonl"},
    {"every article with its story, and a line a story",
     "neardup group articles.jsonl -o jsonl:grouped.jsonl -o stories:stories.jsonl"},
    {"what did each paper change of what it took over, and whose texts go where?",
     "neardup group articles.jsonl -o versions:versions.jsonl -o sources:sources.csv"},
    {"feeds of a week, as a table", "neardup group feeds/ -o csv:stories.csv"},
    {"why are these one story, and why is the next one another?",
     "neardup group articles.jsonl --explain article-17"},
    {"time lines, and who took what from whom, in the browser",
     "neardup group articles.jsonl -o html:stories.html --open"},
    {"a news feed as it comes: write a record a line, read an answer a line",
     "neardup group --stream --state seen/ -"},
    {"a slow archive: stories may take a month", "neardup group archive/ --within 30"},
    {NULL, NULL}};

static const char *const group_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong",
    "3  done, but some inputs were skipped or could not be read (they are named)", "4  failed",
    NULL};

const cli_command cli_command_group = {
    .name = "group",
    .summary = "group documents of several sources: copies of one text, stories about one event",
    .operands = "INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Keeps every document and gives it two numbers: its group of copies and its story. Copies "
        "are near-duplicates, excerpts, extensions and texts of which a good part is copied; each "
        "is judged against the first document of its group, so that nothing chains. Stories are "
        "texts in other words about one event: they share rare words and pairs of words, are near "
        "in time, and hold together on average. Copies count once.\n\n"
        "A document is in its group of copies the first (the earliest; documents without a date "
        "are first only among themselves), a copy, an excerpt, one that extends or updates the "
        "first (an update is by the same source, later), a partial copy, or one that compiles "
        "several others.\n\n"
        "Texts that fill one form, such as weekly price lists, are no story together. By default "
        "the stories of most sources are shown.\n\n"
        "With --stream documents are taken one by one, in the order of their dates, and each is "
        "answered with a line of JSON before the next: whether it is a new story or joins one, "
        "whose copy it is, and which earlier ones it moves to other stories. Standard input (-) is "
        "read as JSON lines as they come. The state outlives the program, however it ends.\n\n"
        "An INPUT is what 'neardup dedup' takes. Inputs are never changed.",
    .examples = group_examples,
    .groups = group_groups,
    .exit_lines = group_exit_lines,
    .run = run_group};

ndup_group_options cli_group_resolve(const cli_group_options *typed, uint64_t threads)
{
    ndup_group_options options;
    ndup_group_options_init(&options);
    options.share = typed->share.given ? typed->share.value : options.share;
    options.within_days = typed->within.given ? typed->within.value : options.within_days;
    options.bar = typed->bar.given ? typed->bar.value : options.bar;
    options.threads = (unsigned)threads;
    return options;
}

/* All that a run opens. */
typedef struct group_job {
    cli_job job;
    ndup_corpus *corpus;
    ndup_group_sink **sinks;
    size_t opened; /* outputs */
    size_t sink_count;
    cli_group_view view;
    cli_story_view story; /* of --explain */
} group_job;

static ndup_status open_sinks(group_job *run, const group_options *typed,
                              const cli_listing *listing, const cli_inputs *inputs,
                              ndup_error *error)
{
    const cli_list *outputs = &typed->outputs.outputs;
    cli_list also_read = {0};
    ndup_output_options opening = cli_outputs_opening(&typed->outputs, &inputs->paths, &also_read);
    ndup_status status = NDUP_STATUS_OK;
    run->sinks = cli_resize(NULL, (outputs->count + 2) * sizeof *run->sinks);
    for (size_t i = 0; i < outputs->count && status == NDUP_STATUS_OK; i++) {
        status = ndup_group_output_open(&run->sinks[i], outputs->items[i], &opening, error);
        run->opened += status == NDUP_STATUS_OK;
    }
    run->sink_count = run->opened;
    if (status == NDUP_STATUS_OK && listing->most > 0) {
        run->sinks[run->sink_count++] = &run->view.sink;
    }
    if (status == NDUP_STATUS_OK && typed->explain.explain != NULL) {
        run->sinks[run->sink_count++] = &run->story.sink;
    }
    return status;
}

static ndup_status find_groups(ndup_group_summary *summary, group_job *run,
                               const group_options *typed, const cli_listing *listing,
                               const cli_inputs *inputs, ndup_error *error)
{
    ndup_group_options options = cli_group_resolve(&typed->own, typed->threads.threads.value);
    options.explain = typed->explain.explain;
    ndup_status status = open_sinks(run, typed, listing, inputs, error);
    if (status == NDUP_STATUS_OK) {
        status = cli_inputs_open(&run->corpus, inputs, &typed->inputs, NULL, &run->job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_group(summary, run->corpus, &options, run->sinks, run->sink_count,
                            &run->job.hooks, error);
    }
    for (size_t i = 0; i < run->opened; i++) {
        if (run->sinks[i]->committed) {
            cli_job_note_written(&run->job, typed->outputs.outputs.items[i]);
        }
    }
    return status;
}

static void close_all(group_job *run)
{
    ndup_corpus_close(run->corpus);
    for (size_t i = 0; i < run->opened; i++) {
        ndup_group_output_close(run->sinks[i]);
    }
    cli_group_view_free(&run->view);
    free(run->sinks);
}

static int make_run(const group_options *typed, const cli_listing *listing,
                    const cli_inputs *inputs)
{
    group_job run = {0};
    ndup_group_summary summary;
    ndup_error error = {0};
    int exit;
    cli_job_begin(&run.job, &cli_command_group, &typed->talk);
    bool stdout_is_taken = cli_outputs_use_stdout(&typed->outputs);
    bool shows = listing->most > 0 || typed->explain.explain != NULL;
    if (stdout_is_taken || shows) {
        cli_job_use_stdout(&run.job);
    }
    cli_group_view_init(&run.view, listing->most, typed->talk.colour);
    cli_story_view_init(&run.story, stdout, typed->explain.json, typed->talk.colour);
    if (!stdout_is_taken && shows) {
        cli_job_hold_stdout(&run.job, !typed->listing.no_pager);
    }
    if (find_groups(&summary, &run, typed, listing, inputs, &error) != NDUP_STATUS_OK) {
        exit = cli_job_fail(&run.job, &error);
    } else {
        cli_group_view_print(&run.view);
        cli_job_end(&run.job);
        cli_group_summary_print(&run.job, &summary);
        cli_open_page(&typed->outputs);
        bool is_unread = cli_unread_say(&run.job, summary.unreadable);
        exit = cli_job_status(&run.job, false, summary.skipped, is_unread);
    }
    close_all(&run);
    return exit;
}

static int check_explain(const group_options *typed, const cli_listing *listing)
{
    const group_explain_options *explain = &typed->explain;
    if (explain->explain == NULL) {
        return explain->json ? cli_usage_error(&cli_command_group,
                                               "--json is of --explain; -o jsonl:- writes the "
                                               "documents, -o stories:- the stories")
                             : CLI_GO_ON;
    }
    if (cli_outputs_use_stdout(&typed->outputs)) {
        return cli_usage_error(&cli_command_group,
                               "--explain writes to standard output, which an output has");
    }
    return listing->asked ? cli_usage_error(&cli_command_group,
                                            "--explain shows one story, --list shows many: give "
                                            "one of them")
                          : CLI_GO_ON;
}

/* The whole output of a stream are its answers. */
static int check_stream(const group_options *typed)
{
    int status = cli_stream_check(&typed->stream, &cli_command_group);
    bool has_others = typed->outputs.outputs.count > 0 || typed->explain.explain != NULL ||
                      typed->listing.list != NULL;
    return status == CLI_GO_ON && typed->stream.stream && has_others
               ? cli_usage_error(&cli_command_group,
                                 "--stream prints its answers: no --output, --list and --explain")
               : status;
}

static int run_stream(const group_options *typed, const cli_operands *operands)
{
    cli_inputs inputs = {0};
    const cli_stream_plan plan = {.command = &cli_command_group,
                                  .stream = &typed->stream,
                                  .group = &typed->own,
                                  .inputs = &typed->inputs,
                                  .talk = &typed->talk};
    int status = cli_inputs_collect(&inputs, operands, &typed->inputs.list, &cli_command_group);
    status = status == CLI_GO_ON ? cli_stream_run(&plan, &inputs) : status;
    cli_inputs_free(&inputs);
    return status;
}

static int run_group(int argc, char *argv[])
{
    group_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_group, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = check_stream(&typed);
    if (status == CLI_GO_ON && typed.stream.stream) {
        status = run_stream(&typed, &operands);
        cli_options_free(&typed, &cli_command_group);
        return status;
    }
    if (status != CLI_GO_ON) {
        cli_options_free(&typed, &cli_command_group);
        return status;
    }
    cli_inputs inputs = {0};
    cli_listing listing;
    status = cli_outputs_check(&typed.outputs, &cli_command_group, format_name);
    if (status == CLI_GO_ON) {
        bool shows =
            typed.outputs.outputs.count == 0 && !typed.talk.quiet && typed.explain.explain == NULL;
        status = cli_listing_resolve(&listing, &typed.listing, shows ? STORIES_USUAL : 0,
                                     &typed.outputs, &cli_command_group);
    }
    if (status == CLI_GO_ON) {
        status = check_explain(&typed, &listing);
    }
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_command_group);
    }
    if (status == CLI_GO_ON) {
        status = make_run(&typed, &listing, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_command_group);
    return status;
}
