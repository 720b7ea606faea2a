/* SPDX-License-Identifier: MIT */
/* Runs over small corpora: what they tell, in which order, and what they refuse. */
#include "neardup/passage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/passage_check.h"
#include "support/temp_dir.h"
#include "support/test.h"

#define PASSAGE \
    "the ferry left the harbour late that day and the pilot had to wait for the fog to lift "
#define OTHER "nobody was hurt when the old bridge closed for repairs the council said on Friday "

static made_document *add(made_corpus *corpus, const char *text, const char *source,
                          const char *date)
{
    test_random random;
    test_random_init(&random, 1);
    made_document *document = made_corpus_add_text(corpus, &random, text, strlen(text));
    snprintf(document->source, sizeof document->source, "%s", source);
    snprintf(document->date, sizeof document->date, "%s", date);
    return document;
}

static ndup_passage_options defaults(void)
{
    ndup_passage_options options;
    ndup_passage_options_init(&options);
    options.threads = 1;
    return options;
}

static void test_passages__say_where_and_who_was_first(void **state)
{
    (void)state;
    made_corpus corpus = {0};
    passage_check run;
    add(&corpus, "Today " PASSAGE, "s", "2026-02-01");
    add(&corpus, OTHER PASSAGE "at last", "t", "2026-01-01");
    add(&corpus, PASSAGE, "t", "");
    ndup_passage_options options = defaults();
    passage_check_init(&run, &corpus, NULL, &options);
    assert_int_equal(run.passage_count, 3);
    const ndup_passage *passage = &run.passages[0];
    assert_u64_equal(passage->a.document, 0);
    assert_u64_equal(passage->b.document, 1);
    assert_u64_equal(passage->a.offset, 6);
    assert_u64_equal(passage->a.length, strlen(PASSAGE) - 1);
    assert_int_equal(passage->a.first_token, 1);
    assert_int_equal(passage->a.tokens, 19);
    assert_int_equal(passage->a.document_tokens, 20);
    assert_u64_equal(passage->b.offset, strlen(OTHER));
    assert_int_equal(passage->direction, NDUP_DIRECTION_B_FIRST);
    assert_int_equal(run.passages[1].direction, NDUP_DIRECTION_UNKNOWN);
    assert_int_equal(run.family_count, 1);
    assert_u64_equal(run.families[0].places[0].document, 1);
    assert_u64_equal(run.families[0].places[1].document, 0);
    assert_u64_equal(run.families[0].places[2].document, 2); /* undated: last */
    assert_u64_equal(run.summary.undated, 1);
    assert_u64_equal(run.summary.documents_with, 3);
    passage_check_deinit(&run);
    made_corpus_deinit(&corpus);
}

static size_t count_passages(const made_corpus *corpus, const char *series)
{
    passage_check run;
    ndup_passage_options options = defaults();
    options.series = series;
    passage_check_init(&run, corpus, NULL, &options);
    size_t count = run.passage_count;
    passage_check_deinit(&run);
    return count;
}

static void test_passages__series_is_a_field(void **state)
{
    (void)state;
    made_corpus corpus = {.as_records = true};
    add(&corpus, PASSAGE, "s", "")->score = 1;
    add(&corpus, PASSAGE, "s", "")->score = 2;
    add(&corpus, PASSAGE, "t", "")->score = 1;
    add(&corpus, PASSAGE, "", "")->score = -1;
    add(&corpus, PASSAGE, "", "")->score = -1;
    assert_int_equal(count_passages(&corpus, NULL), 10);
    assert_int_equal(count_passages(&corpus, "source"), 9); /* no source is no series */
    assert_int_equal(count_passages(&corpus, "score"), 9);
    assert_int_equal(count_passages(&corpus, "nothing"), 10);
    made_corpus_deinit(&corpus);
}

static void test_passages__of_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "...", PASSAGE, "\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE"};
    made_corpus corpus = {0};
    for (size_t i = 0; i <= 4; i++) {
        passage_check run;
        ndup_passage_options options = defaults();
        passage_check_init(&run, &corpus, NULL, &options);
        assert_u64_equal(run.summary.documents, i);
        assert_int_equal(run.passage_count + run.family_count, 0);
        assert_u64_equal(run.summary.unreadable, i == 4);
        passage_check_deinit(&run);
        if (i < 4) {
            add(&corpus, texts[i], "", "");
        }
    }
    made_corpus_deinit(&corpus);
}

static void assert_refused(const ndup_passage_options *options, const char *part)
{
    made_corpus corpus = {0};
    passage_check run;
    ndup_error error;
    ndup_status status = passage_check_run(&run, made_corpus_open(&corpus, NULL), options, &error);
    assert_status(status, NDUP_STATUS_INVALID, &error);
    assert_non_null(strstr(error.message, part));
    assert_int_equal(run.state, 0);
    passage_check_deinit(&run);
}

static void test_passages__refuse_options_and_name_them(void **state)
{
    (void)state;
    ndup_passage_options options = defaults();
    options.min_words = 4;
    assert_refused(&options, "4 words");
    options.min_words = 1001;
    assert_refused(&options, "1001 words");
    options = defaults();
    options.max_documents = 1;
    assert_refused(&options, "1 documents at most");
    options = defaults();
    options.min_documents = 0;
    assert_refused(&options, "0 documents at least");
    options = defaults();
    options.threads = 1025;
    assert_refused(&options, "1025 threads");
    options = defaults();
    options.struct_size--;
    assert_refused(&options, "struct_size");
}

static bool stop(void *context, const ndup_progress *progress)
{
    (void)context;
    (void)progress;
    return false;
}

static void test_passages__can_be_cancelled(void **state)
{
    (void)state;
    made_corpus made = {0};
    ndup_passage_summary summary;
    ndup_error error;
    ndup_hooks hooks = {.struct_size = sizeof hooks, .progress = stop};
    add(&made, PASSAGE, "", "");
    ndup_corpus *corpus = made_corpus_open(&made, NULL);
    ndup_passage_options options = defaults();
    assert_status(ndup_passages(&summary, corpus, &options, NULL, 0, &hooks, &error),
                  NDUP_STATUS_CANCELLED, &error);
    ndup_corpus_close(corpus);
    made_corpus_deinit(&made);
}

/* A file that somebody writes to while the run goes on. */
typedef struct changing {
    temp_dir folder;
    const char *text;
    ndup_stage when;
} changing;

static bool change(void *context, const ndup_progress *progress)
{
    changing *self = context;
    if (progress->stage == self->when) {
        temp_dir_write_text(&self->folder, "a.txt", self->text);
    }
    return true;
}

static ndup_status no_family(void *context, const ndup_passage_family *family, ndup_error *error)
{
    (void)context;
    (void)family;
    (void)error;
    return NDUP_STATUS_OK;
}

static ndup_status no_commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    fail();
    return NDUP_STATUS_OK;
}

static void no_abort(void *context)
{
    (void)context;
}

static void assert_changed(const char *text, ndup_stage when)
{
    changing files = {.text = text, .when = when};
    ndup_hooks hooks = {.struct_size = sizeof hooks, .context = &files, .progress = change};
    ndup_passage_sink sink = {
        .struct_size = sizeof sink, .family = no_family, .commit = no_commit, .abort = no_abort};
    ndup_passage_sink *const sinks[] = {&sink};
    ndup_passage_options options = defaults();
    ndup_passage_summary summary;
    ndup_corpus *corpus;
    ndup_error error;
    temp_dir_init(&files.folder);
    temp_dir_write_text(&files.folder, "a.txt", OTHER PASSAGE);
    temp_dir_write_text(&files.folder, "b.txt", PASSAGE);
    const char *const input = files.folder.path;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_status(ndup_passages(&summary, corpus, &options, sinks, 1, &hooks, &error),
                  NDUP_STATUS_CHANGED, &error);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&files.folder);
}

static void test_passages__notice_that_texts_change(void **state)
{
    (void)state;
    static char blanks[] = OTHER PASSAGE;
    memset(blanks, ' ', sizeof blanks - 1);
    assert_changed("", NDUP_STAGE_VERIFY);
    assert_changed(PASSAGE OTHER, NDUP_STAGE_VERIFY);
    assert_changed(blanks, NDUP_STAGE_VERIFY);
    assert_changed(PASSAGE OTHER, NDUP_STAGE_WRITE);
    assert_changed(blanks, NDUP_STAGE_WRITE);
}

static void test_passages__names_of_directions(void **state)
{
    (void)state;
    assert_string_equal(ndup_direction_name(NDUP_DIRECTION_UNKNOWN), "unknown");
    assert_string_equal(ndup_direction_name(NDUP_DIRECTION_A_FIRST), "a");
    assert_string_equal(ndup_direction_name(NDUP_DIRECTION_B_FIRST), "b");
}

TEST_MAIN(cmocka_unit_test(test_passages__say_where_and_who_was_first),
          cmocka_unit_test(test_passages__series_is_a_field),
          cmocka_unit_test(test_passages__of_nothing),
          cmocka_unit_test(test_passages__refuse_options_and_name_them),
          cmocka_unit_test(test_passages__can_be_cancelled),
          cmocka_unit_test(test_passages__notice_that_texts_change),
          cmocka_unit_test(test_passages__names_of_directions))
