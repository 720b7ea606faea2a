/* SPDX-License-Identifier: MIT */
/* Streams of texts made of random words: against a batch, opened and closed between, and damaged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/stream.h"
#include "support/fault_loop.h"
#include "support/group_check.h"
#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { DOCUMENTS_MOST = 160, TEXT_BYTES = 4096, EVENTS = 12, REPORTS = 8 };

/* What was answered, as far as numbers tell it. */
typedef struct told_answer {
    uint64_t story, copy_group;
    ndup_role role;
    double share;
    bool joins, is_again;
    ndup_dating dating;
    char of[32];
} told_answer;

static struct {
    told_document documents[DOCUMENTS_MOST];
    char ids[DOCUMENTS_MOST][32], dates[DOCUMENTS_MOST][32], texts[DOCUMENTS_MOST][TEXT_BYTES];
    told_answer answers[DOCUMENTS_MOST];
    uint64_t stories[DOCUMENTS_MOST]; /* now, with what later answers said */
    told_grouping found[DOCUMENTS_MOST];
    size_t count;
} corpus;

static void write_words(char *out, uint64_t text, unsigned from, unsigned to, unsigned vocabulary)
{
    size_t used = strlen(out);
    for (unsigned i = from; i < to; i++) {
        test_random random;
        test_random_init(&random, text * 10007 + i + 1);
        test_random_u64(&random);
        used += (size_t)snprintf(out + used, TEXT_BYTES - used, "w%llu ",
                                 (unsigned long long)(test_random_u64(&random) % vocabulary));
    }
}

static char *add(const char *source, unsigned day)
{
    size_t i = corpus.count++;
    assert_true(i < DOCUMENTS_MOST);
    snprintf(corpus.ids[i], sizeof corpus.ids[i], "d%03zu", i);
    snprintf(corpus.dates[i], sizeof corpus.dates[i], "2020-%02u-%02u", 1 + day / 28, 1 + day % 28);
    corpus.texts[i][0] = '\0';
    corpus.documents[i] = (told_document){
        .id = corpus.ids[i], .source = source, .date = corpus.dates[i], .text = corpus.texts[i]};
    return corpus.texts[i];
}

/* Every third day an event that papers report in words of their own, and copy. */
static void make_corpus(void)
{
    static const char *const papers[] = {"wire", "echo", "courier", "herald"};
    memset(&corpus, 0, sizeof corpus);
    for (unsigned event = 0; event < EVENTS; event++) {
        for (unsigned report = 0; report < REPORTS; report++) {
            char *text = add(papers[report % 4], 3 * event + report / 4);
            unsigned own = 100 * event + report;
            bool is_copy = report % 4 == 3;
            write_words(text, is_copy ? own - 3 : own, 0, 60, 400); /* what all texts are of */
            write_words(text, 5000 + event, 3 * (is_copy ? report - 3 : report), 40, 1000000007);
            write_words(text, is_copy ? own - 3 : own, 60, is_copy ? 70 : 90, 400);
        }
    }
}

static ndup_document document_of(const told_document *told)
{
    return (ndup_document){.id = {told->id, strlen(told->id)},
                           .source = {told->source, strlen(told->source)},
                           .date = {told->date, told->date != NULL ? strlen(told->date) : 0},
                           .text = {told->text, strlen(told->text)}};
}

static ndup_story_stream_options stream_options(void)
{
    ndup_story_stream_options options;
    ndup_story_stream_options_init(&options);
    return options;
}

static ndup_story_stream *open_in(const temp_dir *folder)
{
    char path[300];
    ndup_error error;
    ndup_story_stream *stream = NULL;
    ndup_story_stream_options options = stream_options();
    assert_ok(ndup_story_stream_open(&stream, temp_dir_path(folder, "state", path, sizeof path),
                                     &options, &error),
              &error);
    return stream;
}

static void close_stream(ndup_story_stream *stream)
{
    ndup_error error;
    assert_ok(ndup_story_stream_close(stream, &error), &error);
}

static size_t number_of(ndup_text id)
{
    return (size_t)strtoull(id.bytes + 1, NULL, 10);
}

/* Copies go with their first. */
static void move_story(const ndup_story_move *move)
{
    size_t moved = number_of(move->id);
    for (size_t i = 0; i < corpus.count; i++) {
        bool is_copy = corpus.answers[i].copy_group == corpus.answers[moved].copy_group;
        if (i == moved || (is_copy && corpus.stories[i] == move->from)) {
            corpus.stories[i] = move->to;
        }
    }
}

static void add_one(ndup_story_stream *stream, size_t i)
{
    ndup_error error;
    ndup_story_answer answer;
    ndup_document document = document_of(&corpus.documents[i]);
    assert_ok(ndup_story_stream_add(stream, &answer, &document, &error), &error);
    memset(&corpus.answers[i], 0, sizeof corpus.answers[i]); /* they are compared as bytes */
    corpus.answers[i].story = answer.story;
    corpus.answers[i].copy_group = answer.copy_group;
    corpus.answers[i].role = answer.role;
    corpus.answers[i].share = answer.share;
    corpus.answers[i].joins = answer.joins;
    corpus.answers[i].is_again = answer.is_again;
    corpus.answers[i].dating = answer.dating;
    snprintf(corpus.answers[i].of, sizeof corpus.answers[i].of, "%.*s", (int)answer.of.length,
             answer.of.length > 0 ? answer.of.bytes : "");
    corpus.stories[i] = answer.story;
    for (size_t k = 0; k < answer.move_count; k++) {
        move_story(&answer.moves[k]);
    }
}

static void add_all(ndup_story_stream *stream)
{
    for (size_t i = 0; i < corpus.count; i++) {
        add_one(stream, i);
    }
}

static void run_batch(void)
{
    ndup_error error;
    ndup_group_summary summary;
    assert_ok(group_documents(corpus.found, &summary, corpus.documents, corpus.count, NULL, &error),
              &error);
}

/* What the batch has weighed its words by: the terms of all firsts. */
static void count_like_batch(ndup__term_counts *counts)
{
    ndup_error error;
    ndup__term_finder finder = {.seed = 0};
    assert_ok(ndup__term_counts_init(counts, 100000, NULL, &error), &error);
    for (size_t i = 0; i < corpus.count; i++) {
        ndup_document document = document_of(&corpus.documents[i]);
        if (strcmp(corpus.found[i].of, corpus.documents[i].id) == 0 ||
            corpus.found[i].role == NDUP_ROLE_PARTIAL) {
            assert_ok(ndup__terms_find(&finder, &document, document.source, &error), &error);
            ndup__term_counts_add(counts, finder.terms, finder.count);
        }
    }
    ndup__term_finder_deinit(&finder);
}

static void assert_same_copies(void)
{
    for (size_t i = 0; i < corpus.count; i++) {
        const told_grouping *batch = &corpus.found[i];
        const told_answer *answer = &corpus.answers[i];
        assert_string_equal(ndup_role_name(answer->role), ndup_role_name(batch->role));
        assert_string_equal(answer->of[0] != '\0' ? answer->of : corpus.documents[i].id, batch->of);
        assert_true(answer->share == batch->share);
        for (size_t k = 0; k < i; k++) {
            assert_int_equal(answer->copy_group == corpus.answers[k].copy_group,
                             batch->copy_group == corpus.found[k].copy_group);
        }
    }
}

static void assert_same_stories(void)
{
    for (size_t i = 0; i < corpus.count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_int_equal(corpus.stories[i] == corpus.stories[k],
                             corpus.found[i].story == corpus.found[k].story);
        }
    }
}

static void test_story_stream__agrees_with_a_batch_on_copies(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    make_corpus();
    run_batch();
    ndup_story_stream *stream = open_in(&folder);
    add_all(stream);
    close_stream(stream);
    assert_same_copies();
    temp_dir_deinit(&folder);
}

static void test_story_stream__makes_the_stories_of_a_batch_that_weighs_words_alike(void **state)
{
    (void)state;
    temp_dir folder;
    ndup__term_counts counts = {.words = NULL};
    temp_dir_init(&folder);
    make_corpus();
    run_batch();
    count_like_batch(&counts);
    ndup_story_stream *stream = open_in(&folder);
    stream->given_counts = &counts;
    stream->chooser.asks_all = false;
    add_all(stream);
    stream->given_counts = NULL;
    close_stream(stream);
    assert_same_copies();
    assert_same_stories();
    ndup__term_counts_deinit(&counts);
    temp_dir_deinit(&folder);
}

static void test_story_stream__finds_the_events(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    make_corpus();
    ndup_story_stream *stream = open_in(&folder);
    add_all(stream);
    close_stream(stream);
    size_t together = 0;
    for (size_t i = REPORTS; i < corpus.count; i++) { /* of the first event nothing was known */
        together += corpus.stories[i] == corpus.stories[i / REPORTS * REPORTS];
        for (size_t k = 0; k < i; k++) {
            assert_true(i / REPORTS == k / REPORTS || corpus.stories[i] != corpus.stories[k] ||
                        k < 4 * (size_t)REPORTS);
        }
    }
    assert_true(together >= (EVENTS - 1) * REPORTS * 9 / 10);
    temp_dir_deinit(&folder);
}

static void test_story_stream__is_the_same_when_opened_anew_each_time(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir other;
    told_answer answers[DOCUMENTS_MOST];
    temp_dir_init(&folder);
    temp_dir_init(&other);
    make_corpus();
    ndup_story_stream *stream = open_in(&folder);
    add_all(stream);
    close_stream(stream);
    memcpy(answers, corpus.answers, sizeof answers);
    for (size_t i = 0; i < corpus.count; i++) {
        stream = open_in(&other);
        add_one(stream, i);
        close_stream(stream);
    }
    assert_memory_equal(answers, corpus.answers, sizeof answers);
    temp_dir_deinit(&folder);
    temp_dir_deinit(&other);
}

static void test_story_stream__answers_what_comes_again_as_before(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    make_corpus();
    ndup_story_stream *stream = open_in(&folder);
    add_all(stream);
    told_answer before = corpus.answers[corpus.count - 1];
    close_stream(stream);
    stream = open_in(&folder);
    add_one(stream, corpus.count - 1);
    assert_true(corpus.answers[corpus.count - 1].is_again);
    corpus.answers[corpus.count - 1].is_again = false;
    assert_memory_equal(&before, &corpus.answers[corpus.count - 1], sizeof before);
    close_stream(stream);
    temp_dir_deinit(&folder);
}

/* Text `text` on a day. */
static told_answer add_dated(ndup_story_stream *stream, uint64_t text, const char *date)
{
    size_t i = corpus.count;
    write_words(add("wire", 0), text, 0, 100, 1000000007);
    corpus.documents[i].date = date;
    add_one(stream, i);
    return corpus.answers[i];
}

static void test_story_stream__says_what_it_makes_of_dates(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    memset(&corpus, 0, sizeof corpus);
    ndup_story_stream *stream = open_in(&folder);
    assert_int_equal(add_dated(stream, 1, NULL).dating, NDUP_DATING_NONE);
    assert_int_equal(add_dated(stream, 2, "2020-03-10").dating, NDUP_DATING_READ);
    assert_int_equal(add_dated(stream, 3, "2020-03-09").dating, NDUP_DATING_LATE);
    assert_int_equal(add_dated(stream, 4, "2020-03-01").dating, NDUP_DATING_OLD);
    assert_int_equal(add_dated(stream, 5, "2999-01-01").dating, NDUP_DATING_FUTURE);
    assert_int_equal(add_dated(stream, 6, "1/21").dating, NDUP_DATING_NONE);
    assert_int_equal(add_dated(stream, 7, "2021-03-10").dating, NDUP_DATING_AHEAD);
    assert_int_equal(add_dated(stream, 8, "2020-03-11").dating, NDUP_DATING_READ);
    assert_int_equal(add_dated(stream, 9, "2021-03-11").dating, NDUP_DATING_AHEAD);
    assert_int_equal(add_dated(stream, 10, "2021-03-12").dating, NDUP_DATING_READ);
    close_stream(stream);
    temp_dir_deinit(&folder);
}

static void test_story_stream__forgets(void **state)
{
    (void)state;
    temp_dir folder;
    temp_dir_init(&folder);
    memset(&corpus, 0, sizeof corpus);
    ndup_story_stream *stream = open_in(&folder);
    assert_false(add_dated(stream, 1, "2020-01-01").joins);
    assert_int_equal(add_dated(stream, 1, "2020-01-30").copy_group, 0);
    assert_int_equal(add_dated(stream, 2, "2020-02-10").role, NDUP_ROLE_FIRST);
    assert_int_equal(add_dated(stream, 1, "2020-02-11").role, NDUP_ROLE_FIRST);
    assert_string_equal(corpus.answers[3].of, "");
    assert_string_equal((add_dated(stream, 1, "2020-02-12"), corpus.answers[4].of), "d003");
    for (unsigned i = 0; i < 60; i++) {
        char date[16];
        snprintf(date, sizeof date, "20%02u-01-01", 21 + i / 12);
        add_dated(stream, 100 + i, date);
    }
    assert_true(stream->count - stream->base <= 64);
    assert_true(stream->stories.base > 0);
    close_stream(stream);
    temp_dir_deinit(&folder);
}

static ndup_status open_with(const temp_dir *folder, const ndup_story_stream_options *options,
                             ndup_error *error)
{
    char path[300];
    ndup_story_stream *stream = NULL;
    ndup_status status = ndup_story_stream_open(
        &stream, temp_dir_path(folder, "state", path, sizeof path), options, error);
    assert_int_equal(status == NDUP_STATUS_OK, stream != NULL);
    return status == NDUP_STATUS_OK ? ndup_story_stream_close(stream, error) : status;
}

static void test_story_stream__keeps_what_its_state_was_made_with(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    temp_dir_init(&folder);
    ndup_story_stream_options options = stream_options();
    options.bar = .2;
    assert_ok(open_with(&folder, &options, &error), &error);
    options.bar = 0;
    assert_ok(open_with(&folder, &options, &error), &error);
    options.bar = .3;
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_INVALID, &error);
    options.bar = 0;
    options.ttl_days = 60;
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_INVALID, &error);
    options.ttl_days = 3;
    options.within_days = 5;
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_INVALID, &error);
    temp_dir_deinit(&folder);
}

static void test_story_stream__tells_damage_from_other_versions(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    size_t count;
    temp_dir_init(&folder);
    make_corpus();
    ndup_story_stream_options options = stream_options();
    ndup_story_stream *stream = open_in(&folder);
    add_all(stream);
    close_stream(stream);
    char *bytes = temp_dir_read(&folder, "state/state", &count);
    for (size_t at = 8; at < count; at += 1 + count / 97) {
        bytes[at] ^= 1;
        temp_dir_write(&folder, "state/state", bytes, count);
        ndup_status status = open_with(&folder, &options, &error);
        assert_true(status == NDUP_STATUS_CORRUPT || status == NDUP_STATUS_MEMORY);
        bytes[at] ^= 1;
    }
    temp_dir_write(&folder, "state/state", bytes, count / 2);
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_CORRUPT, &error);
    bytes[7]++;
    temp_dir_write(&folder, "state/state", bytes, count);
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_VERSION, &error);
    bytes[0]++;
    temp_dir_write(&folder, "state/state", bytes, count);
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_CORRUPT, &error);
    free(bytes);
    temp_dir_deinit(&folder);
}

static void test_story_stream__refuses_other_folders_and_second_openers(void **state)
{
    (void)state;
    temp_dir folder;
    ndup_error error;
    temp_dir_init(&folder);
    ndup_story_stream_options options = stream_options();
    temp_dir_write_text(&folder, "state/notes", "mine");
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_INVALID, &error);
    temp_dir_deinit(&folder);
    temp_dir_init(&folder);
    ndup_story_stream *stream = open_in(&folder);
    assert_status(open_with(&folder, &options, &error), NDUP_STATUS_LIMIT, &error);
    close_stream(stream);
    assert_ok(open_with(&folder, &options, &error), &error);
    temp_dir_deinit(&folder);
}

/* A few documents with every request for memory failing once. */
static ndup_status short_stream(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    temp_dir folder;
    char path[300];
    ndup_story_stream *stream = NULL;
    temp_dir_init(&folder);
    ndup_story_stream_options options = stream_options();
    options.allocator = allocator;
    ndup_status status = ndup_story_stream_open(
        &stream, temp_dir_path(&folder, "state", path, sizeof path), &options, error);
    for (size_t i = 0; i < 10 && status == NDUP_STATUS_OK; i++) {
        ndup_story_answer answer;
        ndup_document document = document_of(&corpus.documents[i]);
        status = ndup_story_stream_add(stream, &answer, &document, error);
    }
    ndup_status closed = ndup_story_stream_close(stream, status == NDUP_STATUS_OK ? error : NULL);
    temp_dir_deinit(&folder);
    return status == NDUP_STATUS_OK ? closed : status;
}

static void test_story_stream__bears_a_lack_of_memory(void **state)
{
    (void)state;
    make_corpus();
    assert_true(fault_loop(short_stream, NULL, 5) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_story_stream__agrees_with_a_batch_on_copies),
        cmocka_unit_test(test_story_stream__makes_the_stories_of_a_batch_that_weighs_words_alike),
        cmocka_unit_test(test_story_stream__finds_the_events),
        cmocka_unit_test(test_story_stream__is_the_same_when_opened_anew_each_time),
        cmocka_unit_test(test_story_stream__answers_what_comes_again_as_before),
        cmocka_unit_test(test_story_stream__says_what_it_makes_of_dates),
        cmocka_unit_test(test_story_stream__forgets),
        cmocka_unit_test(test_story_stream__keeps_what_its_state_was_made_with),
        cmocka_unit_test(test_story_stream__tells_damage_from_other_versions),
        cmocka_unit_test(test_story_stream__refuses_other_folders_and_second_openers),
        cmocka_unit_test(test_story_stream__bears_a_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
