/* SPDX-License-Identifier: MIT */
/* An index from outside: what it knows after documents came and went, and after it was opened anew.
 */
#include "neardup/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { WORDS = 200, TEXT_BYTES = 4096, ID_BYTES = 32 };

/* A document with texts of its own. */
typedef struct made_document {
    char id[ID_BYTES];
    char text[TEXT_BYTES];
    ndup_document document;
} made_document;

/* Words of a vocabulary of their own, by a seed; `changed` of them, spread evenly, are others. */
static void make(made_document *made, const char *id, uint64_t seed, unsigned changed)
{
    test_random random;
    size_t length = 0;
    test_random_init(&random, seed);
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned word = (unsigned)test_random_below(&random, 5000);
        bool is_changed = changed > 0 && i % (WORDS / changed) == 0;
        length += (size_t)snprintf(made->text + length, TEXT_BYTES - length, "%s%u ",
                                   is_changed ? "other" : "word", word);
    }
    snprintf(made->id, ID_BYTES, "%s", id);
    made->document =
        (ndup_document){.id = {made->id, strlen(made->id)}, .text = {made->text, length}};
}

typedef struct fixture {
    temp_dir folder;
    char path[512];
    ndup_index *index;
} fixture;

static const ndup_index_open_options writing = {.struct_size = sizeof writing,
                                                .sync = NDUP_INDEX_SYNC_NEVER};

static void open_index(fixture *f)
{
    ndup_error error;
    assert_ok(ndup_index_open(&f->index, f->path, &writing, NULL, &error), &error);
}

static fixture *create(ndup_rule rule, ndup_index_store store, const char *secret)
{
    fixture *f = calloc(1, sizeof *f);
    ndup_index_options options;
    ndup_error error;
    assert_non_null(f);
    temp_dir_init(&f->folder);
    temp_dir_path(&f->folder, "index", f->path, sizeof f->path);
    assert_ok(ndup_index_options_init(&options, NULL, &error), &error);
    options.dedup.rule = rule;
    options.store = store;
    options.secret = (ndup_text){secret, strlen(secret)};
    assert_ok(ndup_index_create(f->path, &options, &error), &error);
    open_index(f);
    return f;
}

static int set_up(void **state)
{
    *state = create(NDUP_RULE_JACCARD, NDUP_INDEX_SETS, "");
    return 0;
}

static int set_up_containing(void **state)
{
    *state = create(NDUP_RULE_EITHER, NDUP_INDEX_SETS, "");
    return 0;
}

static int set_up_sketches(void **state)
{
    *state = create(NDUP_RULE_JACCARD, NDUP_INDEX_SKETCHES, "");
    return 0;
}

static int set_up_texts(void **state)
{
    *state = create(NDUP_RULE_JACCARD, NDUP_INDEX_TEXTS, "");
    return 0;
}

static int set_up_secret(void **state)
{
    *state = create(NDUP_RULE_EITHER, NDUP_INDEX_SETS, "nobody knows");
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ndup_index_close(f->index);
    temp_dir_deinit(&f->folder);
    free(f);
    return 0;
}

/* Asks about one document; the answer is freed by the caller. */
static const ndup_index_answer *ask(fixture *f, ndup_index_answers **answers,
                                    const made_document *made)
{
    ndup_error error;
    assert_ok(ndup_index_check(f->index, answers, &made->document, 1, NULL, &error), &error);
    assert_u64_equal(ndup_index_answers_count(*answers), 1);
    return ndup_index_answers_get(*answers, 0);
}

static void assert_answer(fixture *f, const made_document *made, ndup_kind kind, const char *of)
{
    ndup_index_answers *answers;
    const ndup_index_answer *answer = ask(f, &answers, made);
    assert_int_equal(answer->is_known, kind != NDUP_KIND_NONE);
    if (answer->is_known) {
        assert_int_equal(answer->matches[0].kind, kind);
        assert_int_equal(answer->matches[0].id.length, strlen(of));
        assert_memory_equal(answer->matches[0].id.bytes, of, strlen(of));
    }
    ndup_index_answers_free(answers);
}

static void add(fixture *f, const made_document *made)
{
    ndup_error error;
    assert_ok(ndup_index_add(f->index, NULL, &made->document, 1, &error), &error);
}

static void drop(fixture *f, const char *id)
{
    const ndup_text text = {id, strlen(id)};
    uint64_t removed;
    ndup_error error;
    assert_ok(ndup_index_remove(f->index, &removed, &text, 1, &error), &error);
    assert_u64_equal(removed, 1);
}

static ndup_index_statistics stat_of(fixture *f)
{
    ndup_index_statistics statistics;
    ndup_error error;
    assert_ok(ndup_index_stat(f->index, &statistics, &error), &error);
    return statistics;
}

static void test_index__knows_what_was_added(void **state)
{
    fixture *f = *state;
    made_document first, copy, edited, other;
    make(&first, "first", 1, 0);
    make(&copy, "copy", 1, 0);
    make(&edited, "edited", 1, 4);
    make(&other, "other", 2, 0);
    assert_answer(f, &first, NDUP_KIND_NONE, "");
    add(f, &first);
    for (int round = 0; round < 2; round++) {
        assert_answer(f, &copy, NDUP_KIND_IDENTICAL, "first");
        assert_answer(f, &edited, NDUP_KIND_NEAR, "first");
        assert_answer(f, &other, NDUP_KIND_NONE, "");
        ndup_index_close(f->index);
        open_index(f);
    }
}

static void test_index__counts_groups_and_judges_anew(void **state)
{
    fixture *f = *state;
    made_document first, copy, edited;
    make(&first, "first", 1, 0);
    make(&copy, "copy", 1, 0);
    make(&edited, "edited", 1, 4);
    add(f, &first);
    add(f, &copy);
    add(f, &edited);
    assert_u64_equal(stat_of(f).documents, 3);
    assert_u64_equal(stat_of(f).groups, 1);
    assert_u64_equal(stat_of(f).copies, 2);
    drop(f, "first");
    assert_u64_equal(stat_of(f).documents, 2);
    assert_u64_equal(stat_of(f).copies, 1);
    assert_answer(f, &first, NDUP_KIND_IDENTICAL, "copy");
    drop(f, "copy");
    assert_answer(f, &first, NDUP_KIND_NEAR, "edited");
    assert_u64_equal(stat_of(f).groups, 0);
    drop(f, "edited");
    assert_answer(f, &first, NDUP_KIND_NONE, "");
    assert_u64_equal(stat_of(f).documents, 0);
    add(f, &first);
    assert_answer(f, &copy, NDUP_KIND_IDENTICAL, "first");
}

static void test_index__replaces_what_has_the_id(void **state)
{
    fixture *f = *state;
    made_document before, after;
    ndup_index_answers *answers;
    ndup_error error;
    make(&before, "page", 1, 0);
    make(&after, "page", 1, 4);
    add(f, &before);
    assert_ok(ndup_index_check_and_add(f->index, &answers, &after.document, 1, NULL, &error),
              &error);
    const ndup_index_answer *answer = ndup_index_answers_get(answers, 0);
    assert_true(answer->is_known && answer->is_same_id && answer->is_update);
    assert_true(answer->was_replaced);
    ndup_index_answers_free(answers);
    assert_u64_equal(stat_of(f).documents, 1);
    assert_answer(f, &after, NDUP_KIND_IDENTICAL, "page");
    assert_answer(f, &before, NDUP_KIND_NEAR, "page");
}

/* More than stay in memory, so that segments are written and merged. */
static void test_index__finds_all_of_many(void **state)
{
    enum { MANY = 40000, BATCH = 1000 };
    fixture *f = *state;
    made_document *made = calloc(BATCH, sizeof *made);
    ndup_document *documents = calloc(BATCH, sizeof *documents);
    ndup_error error;
    assert_true(made != NULL && documents != NULL);
    for (unsigned begin = 0; begin < MANY; begin += BATCH) {
        for (unsigned i = 0; i < BATCH; i++) {
            char id[ID_BYTES];
            snprintf(id, sizeof id, "%u", begin + i);
            make(&made[i], id, begin + i, 0);
            documents[i] = made[i].document;
        }
        assert_ok(ndup_index_add(f->index, NULL, documents, BATCH, &error), &error);
    }
    assert_u64_equal(stat_of(f).documents, MANY);
    assert_true(stat_of(f).segments > 0);
    for (unsigned i = 0; i < MANY; i += 997) {
        char id[ID_BYTES];
        snprintf(id, sizeof id, "%u", i);
        make(&made[0], "asked", i, 4);
        assert_answer(f, &made[0], NDUP_KIND_NEAR, id);
    }
    free(made);
    free(documents);
}

/* A date that cannot be read is kept as it is, and is none. */
static void test_index__keeps_odd_dates(void **state)
{
    static const char *const dates[] = {"31-FEB-1987 99:00", "2026-01-02", "", "0001", "1/21"};
    fixture *f = *state;
    made_document made;
    ndup_error error;
    for (unsigned i = 0; i < sizeof dates / sizeof *dates; i++) {
        char id[ID_BYTES];
        snprintf(id, sizeof id, "%u", i);
        make(&made, id, i, 0);
        made.document.date = (ndup_text){dates[i], strlen(dates[i])};
        add(f, &made);
        assert_answer(f, &made, NDUP_KIND_IDENTICAL, id);
    }
    assert_ok(ndup_index_verify(f->index, NULL, &error), &error);
}

/* A third of a text that is known. */
static void cut(made_document *made)
{
    size_t length = made->document.text.length / 3;
    while (made->text[length] != ' ') {
        length++;
    }
    made->document.text.length = length;
}

static void test_index__finds_what_contains_a_text(void **state)
{
    fixture *f = *state;
    made_document whole, part;
    make(&whole, "whole", 1, 0);
    make(&part, "part", 1, 0);
    cut(&part);
    add(f, &whole);
    for (int round = 0; round < 2; round++) {
        assert_answer(f, &part, NDUP_KIND_CONTAINED, "whole");
        ndup_index_close(f->index);
        open_index(f);
    }
    drop(f, "whole");
    assert_answer(f, &part, NDUP_KIND_NONE, "");
}

static void test_index__estimates_from_sketches(void **state)
{
    fixture *f = *state;
    made_document first, edited, other;
    ndup_index_answers *answers;
    make(&first, "first", 1, 0);
    make(&edited, "edited", 1, 4);
    make(&other, "other", 2, 0);
    add(f, &first);
    assert_answer(f, &first, NDUP_KIND_IDENTICAL, "first");
    assert_answer(f, &other, NDUP_KIND_NONE, "");
    const ndup_index_answer *answer = ask(f, &answers, &edited);
    assert_true(answer->is_known && answer->matches[0].is_estimated);
    assert_true(answer->matches[0].low < answer->matches[0].similarity);
    assert_true(answer->matches[0].high > answer->matches[0].similarity);
    assert_double_in(0.82, answer->matches[0].low, answer->matches[0].high);
    ndup_index_answers_free(answers);
}

static void test_index__of_a_secret_knows_the_same(void **state)
{
    test_index__knows_what_was_added(state);
    drop(*state, "first");
    test_index__finds_what_contains_a_text(state);
}

static ndup_status compare_text(void *context, const ndup_index_document *document,
                                ndup_error *error)
{
    const ndup_document *added = context;
    (void)error;
    assert_int_equal(document->text.length, added->text.length);
    assert_memory_equal(document->text.bytes, added->text.bytes, added->text.length);
    return NDUP_STATUS_OK;
}

static void test_index__keeps_texts(void **state)
{
    fixture *f = *state;
    made_document first, empty;
    ndup_error error;
    make(&first, "first", 1, 0);
    make(&empty, "empty", 2, 0);
    empty.document.text.length = 0;
    add(f, &first);
    add(f, &empty);
    assert_ok(ndup_index_get(f->index, first.document.id, compare_text, &first.document, &error),
              &error);
    assert_ok(ndup_index_get(f->index, empty.document.id, compare_text, &empty.document, &error),
              &error);
    const ndup_text missing = {"missing", 7};
    assert_status(ndup_index_get(f->index, missing, compare_text, &first.document, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
}

typedef struct told {
    unsigned problems;
    char last[600];
} told;

static void note_problem(void *context, const ndup_problem *problem)
{
    told *self = context;
    self->problems++;
    snprintf(self->last, sizeof self->last, "%s: %s", problem->path, problem->message);
}

/* One segment of a few documents. */
static void make_segment(fixture *f, made_document *made, unsigned count)
{
    ndup_error error;
    for (unsigned i = 0; i < count; i++) {
        char id[ID_BYTES];
        snprintf(id, sizeof id, "%u", i);
        make(&made[i], id, i, 0);
        add(f, &made[i]);
    }
    assert_ok(ndup_index_compact(f->index, &error), &error);
    assert_u64_equal(stat_of(f).segments, 1);
    assert_u64_equal(stat_of(f).fresh, 0);
}

static void test_index__makes_segments_anew(void **state)
{
    enum { COUNT = 20 };
    fixture *f = *state;
    made_document *made = calloc(COUNT, sizeof *made);
    told said = {.problems = 0};
    const ndup_hooks hooks = {
        .struct_size = sizeof hooks, .context = &said, .problem = note_problem};
    ndup_error error;
    assert_non_null(made);
    make_segment(f, made, COUNT);
    for (int round = 0; round < 2; round++) {
        size_t length;
        ndup_index_close(f->index);
        const char *name = "index/keys/00000001-00000014.keys";
        char *bytes = temp_dir_read(&f->folder, name, &length);
        temp_dir_write(&f->folder, name, bytes, round == 0 ? length / 2 : 0);
        free(bytes);
        assert_ok(ndup_index_open(&f->index, f->path, &writing, &hooks, &error), &error);
        assert_int_equal(said.problems, round + 1);
        assert_non_null(strstr(said.last, "made anew"));
        for (unsigned i = 0; i < COUNT; i++) {
            char id[ID_BYTES];
            snprintf(id, sizeof id, "%u", i);
            assert_answer(f, &made[i], NDUP_KIND_IDENTICAL, id);
        }
        assert_ok(ndup_index_verify(f->index, NULL, &error), &error);
    }
    free(made);
}

/* Hears of the progress, and ends it at a call. */
typedef struct ending {
    unsigned calls, last_call;
} ending;

static bool end_at(void *context, const ndup_progress *progress)
{
    ending *self = context;
    assert_true(progress->stage == NDUP_STAGE_WRITE);
    return ++self->calls < self->last_call;
}

static void test_index__is_expired_and_compacted_with_progress(void **state)
{
    enum { COUNT = 20 };
    fixture *f = *state;
    ending self = {.last_call = 1};
    const ndup_hooks hooks = {.struct_size = sizeof hooks, .context = &self, .progress = end_at};
    made_document *made = calloc(COUNT, sizeof *made);
    uint64_t removed;
    ndup_error error;
    assert_non_null(made);
    make_segment(f, made, COUNT);
    ndup_index_close(f->index);
    assert_ok(ndup_index_open(&f->index, f->path, &writing, &hooks, &error), &error);
    assert_status(ndup_index_compact(f->index, &error), NDUP_STATUS_CANCELLED, &error);
    assert_status(ndup_index_expire(f->index, &removed, 0, &error), NDUP_STATUS_CANCELLED, &error);
    assert_u64_equal(removed, 0);
    assert_ok(ndup_index_verify(f->index, NULL, &error), &error);
    self = (ending){.last_call = 1000};
    assert_ok(ndup_index_compact(f->index, &error), &error);
    assert_ok(ndup_index_expire(f->index, &removed, 0, &error), &error);
    assert_true(self.calls >= 2);
    assert_u64_equal(stat_of(f).documents, COUNT);
    free(made);
}

/* Every byte of the segment, one after another: whatever was done to it, the answers are right. */
static void test_index__answers_whatever_becomes_of_a_segment(void **state)
{
    enum { COUNT = 5, STEPS = 7 };
    fixture *f = *state;
    made_document *made = calloc(COUNT, sizeof *made);
    const char *name = "index/keys/00000001-00000005.keys";
    size_t length;
    ndup_error error;
    assert_non_null(made);
    make_segment(f, made, COUNT);
    char *bytes = temp_dir_read(&f->folder, name, &length);
    for (size_t i = 0; i < length; i += length / STEPS) {
        ndup_index_close(f->index);
        bytes[i] = (char)(bytes[i] ^ 0x10);
        temp_dir_write(&f->folder, name, bytes, length);
        bytes[i] = (char)(bytes[i] ^ 0x10);
        open_index(f);
        for (unsigned k = 0; k < COUNT; k++) {
            char id[ID_BYTES];
            snprintf(id, sizeof id, "%u", k);
            assert_answer(f, &made[k], NDUP_KIND_IDENTICAL, id);
        }
    }
    assert_ok(ndup_index_verify(f->index, NULL, &error), &error);
    free(bytes);
    free(made);
}

#define INDEX_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(INDEX_TEST(test_index__knows_what_was_added), INDEX_TEST(test_index__keeps_odd_dates),
          INDEX_TEST(test_index__counts_groups_and_judges_anew),
          INDEX_TEST(test_index__replaces_what_has_the_id),
          INDEX_TEST(test_index__finds_all_of_many),
          INDEX_TEST(test_index__is_expired_and_compacted_with_progress),
          INDEX_TEST(test_index__makes_segments_anew),
          INDEX_TEST(test_index__answers_whatever_becomes_of_a_segment),
          cmocka_unit_test_setup_teardown(test_index__finds_what_contains_a_text, set_up_containing,
                                          tear_down),
          cmocka_unit_test_setup_teardown(test_index__keeps_texts, set_up_texts, tear_down),
          cmocka_unit_test_setup_teardown(test_index__estimates_from_sketches, set_up_sketches,
                                          tear_down),
          cmocka_unit_test_setup_teardown(test_index__of_a_secret_knows_the_same, set_up_secret,
                                          tear_down))
