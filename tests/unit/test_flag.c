/* SPDX-License-Identifier: MIT */
/* Whole flag runs: what sinks get, threads, sites, failures. */
#include "neardup/flag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { SHOWN = 1 << 18, FORMATS = 7 };

/* Writes down what it is told, and fails where it is asked to. */
typedef struct notes_sink {
    ndup_flag_sink sink;
    char notes[SHOWN];
    const char *failing;
    unsigned begun, committed, aborted;
    uint64_t documents;
} notes_sink;

static ndup_status fail_in(const notes_sink *self, const char *place, ndup_error *error)
{
    if (self->failing == NULL || strcmp(self->failing, place) != 0) {
        return NDUP_STATUS_OK;
    }
    *error = (ndup_error){.status = NDUP_STATUS_IO, .message = "the sink gave up"};
    return NDUP_STATUS_IO;
}

static ndup_status take_begin(void *context, const ndup_flag_run *run, ndup_error *error)
{
    notes_sink *self = context;
    assert_non_null(run->options);
    assert_non_null(run->corpus);
    assert_int_equal(run->input_count, 1);
    self->begun++;
    return fail_in(self, "begin", error);
}

static ndup_status take_document(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    notes_sink *self = context;
    size_t used = strlen(self->notes);
    assert_u64_equal(flagged->document->number, self->documents);
    self->documents++;
    used +=
        (size_t)snprintf(self->notes + used, SHOWN - used,
                         "%.*s:", (int)flagged->document->id.length, flagged->document->id.bytes);
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        const ndup_repeat *repeat = &flagged->repeats[i];
        used += (size_t)snprintf(self->notes + used, SHOWN - used, " %zu %s", repeat->unit,
                                 ndup_repeat_kind_name(repeat->kind));
    }
    snprintf(self->notes + used, SHOWN - used, "\n");
    return fail_in(self, "document", error);
}

static ndup_status take_finish(void *context, const ndup_flag_summary *summary, ndup_error *error)
{
    notes_sink *self = context;
    assert_u64_equal(summary->documents, self->documents);
    return fail_in(self, "finish", error);
}

static ndup_status take_commit(void *context, ndup_error *error)
{
    notes_sink *self = context;
    self->committed++;
    return fail_in(self, "commit", error);
}

static void take_abort(void *context)
{
    ((notes_sink *)context)->aborted++;
}

static notes_sink *new_notes(const char *failing)
{
    notes_sink *self = calloc(1, sizeof *self);
    assert_non_null(self);
    self->failing = failing;
    self->sink = (ndup_flag_sink){.struct_size = sizeof self->sink,
                                  .context = self,
                                  .begin = take_begin,
                                  .document = take_document,
                                  .finish = take_finish,
                                  .commit = take_commit,
                                  .abort = take_abort};
    return self;
}

/* A site of pages with a menu, a text of their own, and a newsletter box on most. */
static void write_site(const temp_dir *folder, size_t pages)
{
    char *text = malloc(pages * 600 + 1);
    size_t used = 0;
    assert_non_null(text);
    for (size_t i = 0; i < pages; i++) {
        used += (size_t)sprintf(
            text + used,
            "{\"url\":\"https://%s.example:80/p%zu\",\"text\":\"Skip to content\\n\\nThe barge "
            "number %zu was towed to quay %zu by the pilots of the night.\\n\\n%s\"}\n",
            i % 10 == 9 ? "other" : "WWW.News", i, i, i * 7,
            i % 3 != 0 ? "Sign up for the letter of the harbour, every morning at six." : "Bye");
    }
    temp_dir_write(folder, "pages.jsonl", text, used);
    free(text);
}

static void flag_folder(const temp_dir *folder, const ndup_flag_options *options, notes_sink *notes,
                        ndup_flag_summary *summary)
{
    const char *inputs[] = {folder->path};
    ndup_flag_sink *sinks[] = {&notes->sink};
    ndup_corpus *corpus;
    ndup_error error = {0};
    assert_ok(ndup_corpus_open(&corpus, inputs, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_flag(summary, corpus, options, sinks, 1, NULL, &error), &error);
    ndup_corpus_close(corpus);
}

static void test_flag__site_finds_what_a_host_repeats(void **state)
{
    temp_dir folder;
    ndup_flag_options options;
    ndup_flag_summary summary;
    notes_sink *notes = new_notes(NULL);
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 20);
    ndup_flag_options_init(&options);
    options.site = true;
    flag_folder(&folder, &options, notes, &summary);
    assert_u64_equal(summary.documents, 20);
    assert_u64_equal(summary.hosts, 2);
    assert_u64_equal(summary.hosts_judged, 1); /* two pages are not judged */
    assert_u64_equal(summary.site, 18 + 18);   /* the menu on 18 pages, the box or "Bye" on each */
    assert_non_null(strstr(notes->notes, "pages.jsonl:2: 0 site 2 site\n"));
    assert_non_null(strstr(notes->notes, "pages.jsonl:10:\n"));
    free(notes);
    temp_dir_deinit(&folder);
}

static void test_flag__share_and_pages_are_limits(void **state)
{
    temp_dir folder;
    ndup_flag_options options;
    ndup_flag_summary summary;
    notes_sink *notes = new_notes(NULL);
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 20);
    ndup_flag_options_init(&options);
    options.site = true;
    options.site_share = 0.9;
    flag_folder(&folder, &options, notes, &summary);
    assert_u64_equal(summary.site, 18);
    notes->documents = 0;
    options.site_pages = 19;
    flag_folder(&folder, &options, notes, &summary);
    assert_u64_equal(summary.site, 0);
    free(notes);
    temp_dir_deinit(&folder);
}

/* With little memory the rare units are forgotten; those of every page stay. */
static void test_flag__little_memory_keeps_what_is_frequent(void **state)
{
    temp_dir folder;
    ndup_flag_options options;
    ndup_flag_summary summary;
    notes_sink *notes = new_notes(NULL);
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 1000);
    ndup_flag_options_init(&options);
    options.site = true;
    options.site_memory = 1;
    flag_folder(&folder, &options, notes, &summary);
    assert_u64_equal(summary.hosts_judged, 2);
    assert_u64_equal(summary.site, 2000);
    free(notes);
    temp_dir_deinit(&folder);
}

static void test_flag__threads_change_nothing(void **state)
{
    temp_dir folder;
    notes_sink *first = new_notes(NULL);
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 900);
    for (unsigned threads = 1; threads <= 4; threads++) {
        ndup_flag_options options;
        ndup_flag_summary summary;
        notes_sink *notes = new_notes(NULL);
        ndup_flag_options_init(&options);
        options.site = true;
        options.threads = threads;
        flag_folder(&folder, &options, threads == 1 ? first : notes, &summary);
        if (threads > 1) {
            assert_string_equal(notes->notes, first->notes);
        }
        free(notes);
    }
    free(first);
    temp_dir_deinit(&folder);
}

static void test_flag__a_sink_that_fails_ends_the_run(void **state)
{
    static const char *const places[] = {"begin", "document", "finish", "commit"};
    temp_dir folder;
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 4);
    for (size_t i = 0; i < 4; i++) {
        notes_sink *good = new_notes(NULL);
        notes_sink *bad = new_notes(places[i]);
        const char *inputs[] = {folder.path};
        ndup_flag_sink *sinks[] = {&good->sink, &bad->sink};
        ndup_flag_options options;
        ndup_flag_summary summary;
        ndup_corpus *corpus;
        ndup_error error = {0};
        ndup_flag_options_init(&options);
        assert_ok(ndup_corpus_open(&corpus, inputs, 1, NULL, NULL, &error), &error);
        assert_status(ndup_flag(&summary, corpus, &options, sinks, 2, NULL, &error), NDUP_STATUS_IO,
                      &error);
        assert_string_equal(error.message, "the sink gave up");
        assert_int_equal(good->committed, i == 3);
        assert_int_equal(good->aborted, i != 3);
        assert_int_equal(bad->aborted, 1);
        ndup_corpus_close(corpus);
        free(good);
        free(bad);
    }
    temp_dir_deinit(&folder);
}

static void test_flag__options_out_of_range_are_named(void **state)
{
    temp_dir folder;
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_corpus *corpus;
    ndup_error error = {0};
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 1);
    const char *inputs[] = {folder.path};
    assert_ok(ndup_corpus_open(&corpus, inputs, 1, NULL, NULL, &error), &error);
    ndup_flag_options_init(&options);
    options.threshold = 0;
    assert_status(ndup_flag(&summary, corpus, &options, NULL, 0, NULL, &error), NDUP_STATUS_INVALID,
                  NULL);
    assert_non_null(strstr(error.message, "threshold 0"));
    ndup_flag_options_init(&options);
    options.site_share = 1.5;
    assert_status(ndup_flag(&summary, corpus, &options, NULL, 0, NULL, &error), NDUP_STATUS_INVALID,
                  NULL);
    ndup_flag_options_init(&options);
    options.struct_size = 3;
    assert_status(ndup_flag(&summary, corpus, &options, NULL, 0, NULL, &error), NDUP_STATUS_INVALID,
                  NULL);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&folder);
}

static void test_flag__outputs_are_opened_by_name(void **state)
{
    temp_dir folder;
    char path[400];
    ndup_flag_sink *sink;
    ndup_error error = {0};
    (void)state;
    temp_dir_init(&folder);
    assert_status(ndup_flag_output_open(&sink, "jsonl", NULL, &error), NDUP_STATUS_INVALID, NULL);
    assert_status(ndup_flag_output_open(&sink, "tape:x", NULL, &error), NDUP_STATUS_INVALID, NULL);
    assert_non_null(strstr(error.message, "jsonl cleaned annotated summary"));
    assert_status(ndup_flag_output_open(&sink, "jsonl:", NULL, &error), NDUP_STATUS_INVALID, NULL);
    assert_null(sink);
    temp_dir_write_text(&folder, "there", "x");
    snprintf(path, sizeof path, "jsonl:%s/there", folder.path);
    assert_status(ndup_flag_output_open(&sink, path, NULL, &error), NDUP_STATUS_EXISTS, NULL);
    ndup_output_options options = {.struct_size = sizeof options, .overwrite = true};
    assert_ok(ndup_flag_output_open(&sink, path, &options, &error), &error);
    ndup_flag_output_close(sink);
    ndup_flag_output_close(NULL);
    assert_string_equal(ndup_flag_output_get(0)->name, "jsonl");
    assert_int_equal(ndup_flag_output_count(), FORMATS);
    assert_null(ndup_flag_output_get(FORMATS));
    assert_status(ndup_flag_output_open(&sink, "pages:-", NULL, &error), NDUP_STATUS_INVALID, NULL);
    snprintf(path, sizeof path, "pages:%s", folder.path);
    assert_status(ndup_flag_output_open(&sink, path, NULL, &error), NDUP_STATUS_EXISTS, NULL);
    temp_dir_deinit(&folder);
}

/* One run with every output and the site pass under a failing allocator. */
static ndup_status run_all(const temp_dir *folder, const ndup_allocator *allocator,
                           ndup_error *error)
{
    const char *inputs[1];
    char input[400];
    ndup_corpus *corpus = NULL;
    ndup_flag_sink *sinks[FORMATS] = {NULL};
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_corpus_options opening = NDUP_CORPUS_OPTIONS_INIT;
    ndup_output_options output = {
        .struct_size = sizeof output, .overwrite = true, .allocator = allocator};
    opening.allocator = allocator;
    ndup_flag_options_init(&options);
    options.allocator = allocator;
    options.site = true;
    options.threads = 1;
    inputs[0] = temp_dir_path(folder, "pages.jsonl", input, sizeof input);
    ndup_status status = ndup_corpus_open(&corpus, inputs, 1, &opening, NULL, error);
    for (size_t i = 0; i < FORMATS && status == NDUP_STATUS_OK; i++) {
        char path[400];
        const char *format = ndup_flag_output_get(i)->name;
        snprintf(path, sizeof path, "%s:%s/out.%s", format, folder->path, format);
        status = ndup_flag_output_open(&sinks[i], path, &output, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_flag(&summary, corpus, &options, sinks, FORMATS, NULL, error);
    }
    for (size_t i = 0; i < FORMATS; i++) {
        ndup_flag_output_close(sinks[i]);
    }
    ndup_corpus_close(corpus);
    return status;
}

static void test_flag__memory_that_gives_out_leaves_nothing(void **state)
{
    temp_dir folder;
    (void)state;
    temp_dir_init(&folder);
    write_site(&folder, 7);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = run_all(&folder, &memory.allocator, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
        assert_int_equal(temp_dir_count(&folder, ""), 1);
    }
    assert_int_equal(temp_dir_count(&folder, ""), 1 + FORMATS);
    assert_int_equal(temp_dir_count(&folder, "out.pages"), 2);
    temp_dir_deinit(&folder);
}

TEST_MAIN(cmocka_unit_test(test_flag__site_finds_what_a_host_repeats),
          cmocka_unit_test(test_flag__share_and_pages_are_limits),
          cmocka_unit_test(test_flag__little_memory_keeps_what_is_frequent),
          cmocka_unit_test(test_flag__threads_change_nothing),
          cmocka_unit_test(test_flag__a_sink_that_fails_ends_the_run),
          cmocka_unit_test(test_flag__options_out_of_range_are_named),
          cmocka_unit_test(test_flag__outputs_are_opened_by_name),
          cmocka_unit_test(test_flag__memory_that_gives_out_leaves_nothing))
