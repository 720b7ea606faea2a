/* SPDX-License-Identifier: MIT */
/* neardup explain: everything about one pair of texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "console.h"
#include "explain_print.h"
#include "index_options.h"
#include "indexed_text.h"
#include "input_options.h"
#include "job.h"
#include "matching_options.h"
#include "neardup.h"
#include "story_print.h"

enum { SPANS_USUAL = 3 };

typedef struct explain_own_options {
    cli_list corpus;
    const char *level;
    cli_count spans;
    bool json;
} explain_own_options;

typedef struct explain_options {
    cli_matching_options matching;
    cli_input_options inputs;
    cli_talk_options talk;
    explain_own_options own;
} explain_options;

static int run_explain(int argc, char *argv[]);

static const char *level_name(size_t i)
{
    return i == 0 ? "copy" : i == 1 ? "story" : NULL;
}

static const cli_option explain_table[] = {
    {.name = "in",
     .kind = CLI_LIST,
     .offset = offsetof(explain_own_options, corpus),
     .argument = "CORPUS",
     .is_path = true,
     .help = "A and B are ids of documents in this folder or file, and its other texts tell "
             "whether they fill one form; more inputs may follow. Or ids in an index that keeps "
             "texts, whose matching counts then"},
    {.name = "level",
     .kind = CLI_CHOICE,
     .offset = offsetof(explain_own_options, level),
     .argument = "LEVEL",
     .choice = level_name,
     .help = "copy: whether one is a copy of the other. story: also whether both are about one "
             "event, or why not, and which other story is nearest; groups all of CORPUS for it, "
             "as 'neardup group' does"},
    {.name = NULL}};
static const cli_option output_table[] = {
    {.name = "spans",
     .kind = CLI_COUNT,
     .offset = offsetof(explain_own_options, spans),
     .argument = "N",
     .range = {.least = 0, .most = 1000},
     .standard = "3",
     .help = "show the N longest runs of words that both have, and with --in those that only "
             "one has"},
    {.name = "json",
     .kind = CLI_FLAG,
     .offset = offsetof(explain_own_options, json),
     .help = "print JSON"},
    {.name = NULL}};
static const cli_group explain_groups[] = {
    {CLI_INPUT_TITLE, explain_table, offsetof(explain_options, own)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(explain_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(explain_options, inputs.storage)},
    {CLI_MATCHING_TITLE, cli_rule_table, offsetof(explain_options, matching)},
    {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(explain_options, matching)},
    {CLI_SEARCH_TITLE, cli_search_table, offsetof(explain_options, matching)},
    {CLI_SEARCH_TITLE, cli_seed_table, offsetof(explain_options, matching)},
    {"Output", output_table, offsetof(explain_options, own)},
    {"Output", cli_talk_table, offsetof(explain_options, talk)},
    {NULL, NULL, 0}};
static const cli_example explain_examples[] = {
    {"how alike are two files, and what do they share?", "neardup explain a.txt b.txt"},
    {"two records of a corpus, by id", "neardup explain doc-17 doc-403 --in crawl.jsonl"},
    {"two documents of an index (made with --store texts)",
     "neardup explain doc-17 doc-403 --in seen/"},
    {"are they about one event? which words say so?",
     "neardup explain doc-17 doc-403 --in crawl.jsonl --level story"},
    {"would another preset say the same?", "neardup explain a.txt b.txt --preset strict"},
    {"for a program", "neardup explain a.txt b.txt --json"},
    {NULL, NULL}};

const cli_command cli_command_explain = {
    .name = "explain",
    .summary = "compare two texts: similarity, decision, what they share",
    .operands = "A B",
    .description =
        "Compares two texts as 'neardup dedup' would with the same options: exact similarity and "
        "its estimate, containment, agreement of numbers, whether the sketches would propose the "
        "pair, the decision, and the longest runs of words that both have. With --in of two texts "
        "that are alike it says, too, in how many others stands what they share, and what each "
        "one says by itself.\n\n"
        "A and B are files, of which one may be - for standard input, or ids of documents in the "
        "corpus that --in names.",
    .examples = explain_examples,
    .groups = explain_groups,
    .run = run_explain};

static bool asks_stories(const explain_options *typed)
{
    return typed->own.level != NULL && strcmp(typed->own.level, "story") == 0;
}

/* Operands behind A and B belong to --in, so that a shell pattern can follow it. */
static int check(explain_options *typed, const cli_operands *operands)
{
    if (operands->count < 2) {
        return cli_usage_error(&cli_command_explain, "two texts are needed: neardup explain A B");
    }
    if (operands->count > 2 && typed->own.corpus.count == 0) {
        return cli_usage_error(&cli_command_explain,
                               "two texts at a time, but '%s' follows; for ids in a corpus say "
                               "--in CORPUS",
                               operands->items[2]);
    }
    if (strcmp(operands->items[0], "-") == 0 && strcmp(operands->items[1], "-") == 0) {
        return cli_usage_error(&cli_command_explain, "standard input (-) can be read only once");
    }
    if (asks_stories(typed) && typed->own.corpus.count == 0) {
        return cli_usage_error(&cli_command_explain,
                               "--level story needs a corpus: what two texts share is rare or not "
                               "by what others say; name it with --in CORPUS");
    }
    for (size_t i = 2; i < operands->count; i++) {
        cli_list_add(&typed->own.corpus, operands->items[i]);
    }
    return CLI_GO_ON;
}

/* Compares the sides, asks the corpus they are of, if any, and prints the outcome. */
static int compare(cli_comparison *comparison, const explain_options *typed, ndup_corpus *corpus,
                   cli_job *job)
{
    ndup_explanation *explanation = NULL;
    ndup_form_explanation *form = NULL;
    ndup_error error = {0};
    ndup_document *a = &comparison->a.document;
    ndup_document *b = &comparison->b.document;
    size_t spans = typed->own.spans.given ? (size_t)typed->own.spans.value : SPANS_USUAL;
    ndup_status status =
        ndup_explain_documents(&explanation, a, b, comparison->options, spans, &error);
    if (status == NDUP_STATUS_OK && corpus != NULL) {
        status = ndup_explain_form(&form, explanation, corpus, a->text, b->text,
                                   comparison->options, spans, &job->hooks, &error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_explanation_free(explanation);
        return cli_job_fail(job, &error);
    }
    cli_job_end(job);
    comparison->explanation = explanation;
    comparison->form = form;
    comparison->spans_wanted = spans;
    if (typed->own.json) {
        cli_explain_print_json(comparison);
    } else {
        cli_excerpt_style style = {.out = stdout,
                                   .colours = cli_terminal_colours(stdout, typed->talk.colour),
                                   .indent = 5,
                                   .width = cli_terminal_width(stdout)};
        cli_explain_print(comparison, &style);
    }
    ndup_form_explanation_free(form);
    ndup_explanation_free(explanation);
    return cli_finish_stdout();
}

/* A file of its own, open for as long as its text is looked at. */
typedef struct opened_text {
    ndup_corpus *corpus;
    ndup_document document;
} opened_text;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* Reads a file as 'neardup dedup' does: the text of a page, what is compressed, no pictures. */
static bool read_side(cli_side *side, opened_text *opened, const explain_options *typed,
                      cli_job *job, const char *path)
{
    ndup_error error = {0};
    ndup_corpus_options options = cli_corpus_options(&typed->inputs.fields, &typed->inputs.storage);
    ndup_text id = {base_name(path), strlen(base_name(path))};
    ndup_status status = ndup_corpus_open(&opened->corpus, &path, 1, &options, &job->hooks, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_corpus_find(opened->corpus, &id, 1, &opened->document, &job->hooks, &error);
    }
    if (status == NDUP_STATUS_NOT_FOUND && strstr(error.message, "No such file") != NULL) {
        cli_complain("%s: no such file; for ids in a corpus say --in CORPUS", path);
        return false;
    }
    if (status != NDUP_STATUS_OK) {
        cli_complain("%s", error.message);
        return false;
    }
    if (opened->document.path == NULL || opened->document.record.length > 0) {
        cli_complain("%s is not one text; for ids of its records say --in %s", path, path);
        return false;
    }
    bool is_stdin = strcmp(path, "-") == 0;
    *side = (cli_side){is_stdin ? "standard input" : path, opened->document};
    return true;
}

static void close_text(opened_text *opened)
{
    if (opened->corpus != NULL) {
        ndup_documents_free(opened->corpus, &opened->document, 1);
    }
    ndup_corpus_close(opened->corpus);
}

static int explain_files(const explain_options *typed, const ndup_dedup_options *resolved,
                         char *const *paths)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_explain, &typed->talk);
    cli_comparison comparison = {.options = resolved};
    opened_text a = {.corpus = NULL};
    opened_text b = {.corpus = NULL};
    int status = CLI_EXIT_FAILED;
    if (read_side(&comparison.a, &a, typed, &job, paths[0]) &&
        read_side(&comparison.b, &b, typed, &job, paths[1])) {
        status = compare(&comparison, typed, NULL, &job);
    }
    cli_job_end(&job);
    close_text(&a);
    close_text(&b);
    return status;
}

/* Groups the corpus, and leaves what is to be printed of the two in *printed, which free() frees.
 */
static ndup_status ask_stories(char **printed, const explain_options *typed, ndup_corpus *corpus,
                               char *const *ids, const cli_job *job, ndup_error *error)
{
    size_t length;
    ndup_group_options options;
    ndup_group_summary summary;
    cli_story_view view;
    FILE *out = open_memstream(printed, &length);
    if (out == NULL) {
        *error = (ndup_error){.status = NDUP_STATUS_MEMORY, .message = "out of memory"};
        return NDUP_STATUS_MEMORY;
    }
    ndup_group_options_init(&options);
    options.explain = ids[0];
    options.explain_with = ids[1];
    cli_story_view_init(&view, out, typed->own.json, typed->talk.colour);
    ndup_group_sink *sink = &view.sink;
    ndup_status status = ndup_group(&summary, corpus, &options, &sink, 1, &job->hooks, error);
    fclose(out);
    return status;
}

static bool was_found(const ndup_document *document, const char *id)
{
    if (document->path == NULL && document->id.bytes == NULL) {
        cli_complain("no document has the id '%s'", id);
        return false;
    }
    return true;
}

static int explain_ids(const explain_options *typed, const ndup_dedup_options *resolved,
                       char *const *ids)
{
    cli_job job;
    cli_job_begin(&job, &cli_command_explain, &typed->talk);
    cli_inputs inputs = {.paths = typed->own.corpus};
    ndup_text wanted[2] = {{ids[0], strlen(ids[0])}, {ids[1], strlen(ids[1])}};
    ndup_document found[2] = {{.path = NULL}};
    ndup_corpus *corpus = NULL;
    char *stories = NULL;
    ndup_error error = {0};
    int status = CLI_EXIT_FAILED;
    if (cli_inputs_open(&corpus, &inputs, &typed->inputs, typed->matching.preset, &job, &error) !=
            NDUP_STATUS_OK ||
        ndup_corpus_find(corpus, wanted, 2, found, &job.hooks, &error) != NDUP_STATUS_OK) {
        status = cli_job_fail(&job, &error);
        goto done;
    }
    if (was_found(&found[0], ids[0]) && was_found(&found[1], ids[1])) {
        bool is_told = !asks_stories(typed) ||
                       ask_stories(&stories, typed, corpus, ids, &job, &error) == NDUP_STATUS_OK;
        cli_comparison comparison = {.a = {ids[0], found[0]},
                                     .b = {ids[1], found[1]},
                                     .options = resolved,
                                     .story = stories};
        status = is_told ? compare(&comparison, typed, corpus, &job) : cli_job_fail(&job, &error);
    }
    cli_job_end(&job);
    ndup_documents_free(corpus, found, 2);
done:
    free(stories);
    ndup_corpus_close(corpus);
    return status;
}

/* Two documents of an index, by its own matching. */
static int explain_indexed(const explain_options *typed, char *const *ids)
{
    cli_job job;
    cli_indexed_text a = {.bytes = NULL};
    cli_indexed_text b = {.bytes = NULL};
    ndup_index *index = NULL;
    ndup_error error = {0};
    int status;
    cli_job_begin(&job, &cli_command_explain, &typed->talk);
    ndup_status read = cli_index_open(&index, typed->own.corpus.items[0], NULL, &job, &error);
    if (read == NDUP_STATUS_OK) {
        read = cli_indexed_text_read(&a, index, ids[0], &error);
    }
    if (read == NDUP_STATUS_OK) {
        read = cli_indexed_text_read(&b, index, ids[1], &error);
    }
    if (read == NDUP_STATUS_OK) {
        cli_comparison comparison = {.a = {ids[0], a.document},
                                     .b = {ids[1], b.document},
                                     .options = &ndup_index_get_options(index)->dedup};
        status = compare(&comparison, typed, NULL, &job);
        cli_job_end(&job);
    } else {
        status = cli_job_fail(&job, &error);
    }
    cli_indexed_text_free(&a);
    cli_indexed_text_free(&b);
    ndup_index_close(index);
    return status;
}

static bool is_in_index(const explain_options *typed)
{
    return typed->own.corpus.count == 1 && !asks_stories(typed) &&
           ndup_index_is_at(typed->own.corpus.items[0]);
}

static int run_explain(int argc, char *argv[])
{
    explain_options typed = {0};
    cli_operands operands;
    int status = cli_options_parse(&typed, &operands, &cli_command_explain, argc, argv);
    if (status != CLI_GO_ON) {
        return status;
    }
    ndup_dedup_options resolved;
    status = check(&typed, &operands);
    if (status == CLI_GO_ON) {
        status = cli_matching_resolve(&resolved, &typed.matching, &cli_command_explain);
    }
    if (status == CLI_GO_ON) {
        status = is_in_index(&typed)          ? explain_indexed(&typed, operands.items)
                 : typed.own.corpus.count > 0 ? explain_ids(&typed, &resolved, operands.items)
                                              : explain_files(&typed, &resolved, operands.items);
    }
    cli_options_free(&typed, &cli_command_explain);
    return status;
}
