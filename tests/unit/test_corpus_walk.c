/* SPDX-License-Identifier: MIT */
/* The documents of a corpus, handed out together, and left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { RECORDS = 2500, LINE_BYTES = 120 };

typedef struct fixture {
    temp_dir folder;
    char path[512];
} fixture;

/* Line 3 of every ten is damaged; the fifth has no id. */
static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    char *lines = malloc((size_t)RECORDS * LINE_BYTES);
    size_t length = 0;
    assert_true(f != NULL && lines != NULL);
    for (int i = 0; i < RECORDS; i++) {
        const char *form = i % 10 == 2   ? "{\"id\": \"d%d\", \"text\": \"damaged %d\"\n"
                           : i % 10 == 4 ? "{\"nr\": %d, \"text\": \"nameless %d\"}\n"
                                         : "{\"id\": \"d%d\", \"text\": \"words of %d\"}\n";
        length += (size_t)snprintf(lines + length, LINE_BYTES, form, i, i);
    }
    temp_dir_init(&f->folder);
    temp_dir_write(&f->folder, "records.jsonl", lines, length);
    temp_dir_path(&f->folder, "records.jsonl", f->path, sizeof f->path);
    free(lines);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    temp_dir_deinit(&f->folder);
    free(f);
    return 0;
}

typedef struct seen {
    size_t documents, calls, most;
    uint64_t problems;
    char last[64];
} seen;

static void take_problem(void *context, const ndup_problem *problem)
{
    seen *now = context;
    now->problems += problem->skipped;
}

static ndup_status visit(void *context, const ndup_document *documents, size_t count,
                         ndup_error *error)
{
    seen *now = context;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        assert_u64_equal(documents[i].number, now->documents + i);
        assert_true(documents[i].id.length > 0);
        assert_true(documents[i].line > 0);
        assert_true(documents[i].record.length > documents[i].text.length);
        if (documents[i].text.bytes[0] == 'n') {
            snprintf(now->last, sizeof now->last, "%.*s", (int)documents[i].id.length,
                     documents[i].id.bytes);
        }
    }
    now->documents += count;
    now->calls++;
    now->most = count > now->most ? count : now->most;
    return NDUP_STATUS_OK;
}

static ndup_corpus *open_corpus(const fixture *f, const ndup_allocator *allocator)
{
    const char *inputs[] = {f->path};
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_corpus *corpus = NULL;
    options.allocator = allocator;
    (void)!ndup_corpus_open(&corpus, inputs, 1, &options, NULL, NULL);
    return corpus;
}

static void test_corpus_walk__hands_out_all_in_order(void **state)
{
    const fixture *f = *state;
    ndup_corpus *corpus = open_corpus(f, NULL);
    ndup_error error;
    uint64_t skipped;
    assert_non_null(corpus);
    for (int round = 0; round < 2; round++) {
        seen now = {0};
        const ndup_hooks hooks = {
            .struct_size = sizeof hooks, .context = &now, .problem = take_problem};
        assert_ok(ndup_corpus_walk(corpus, &skipped, 100, visit, &now, &hooks, &error), &error);
        assert_u64_equal(now.documents, RECORDS / 10 * 9);
        assert_u64_equal(now.most, 100);
        assert_u64_equal(now.calls, (RECORDS / 10 * 9 + 99) / 100);
        assert_u64_equal(now.problems, RECORDS / 10);
        assert_u64_equal(skipped, RECORDS / 10);
        assert_non_null(strstr(now.last, "records.jsonl:2495"));
    }
    ndup_corpus_close(corpus);
}

static ndup_status give_up(void *context, const ndup_document *documents, size_t count,
                           ndup_error *error)
{
    (void)context;
    (void)documents;
    (void)count;
    (void)error;
    return NDUP_STATUS_LIMIT;
}

static void test_corpus_walk__ends_when_the_visitor_says_so(void **state)
{
    ndup_corpus *corpus = open_corpus(*state, NULL);
    ndup_error error;
    assert_int_equal(ndup_corpus_walk(corpus, NULL, 0, give_up, NULL, NULL, &error),
                     NDUP_STATUS_LIMIT);
    assert_status(ndup_corpus_walk(corpus, NULL, 0, NULL, NULL, NULL, &error), NDUP_STATUS_INVALID,
                  &error);
    ndup_corpus_close(corpus);
}

static ndup_status leave_odd(void *context, bool *is_left_out, const ndup_document *documents,
                             size_t count, ndup_error *error)
{
    size_t *left = context;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        is_left_out[i] = documents[i].number % 2 == 1;
        *left += is_left_out[i];
    }
    return NDUP_STATUS_OK;
}

/* Neither walks nor runs meet what is left out. */
static void test_corpus_walk__leaves_out_what_was_chosen(void **state)
{
    ndup_corpus *corpus = open_corpus(*state, NULL);
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    size_t chosen = 0;
    uint64_t left_out;
    seen now = {0};
    assert_ok(ndup_corpus_leave_out(corpus, &left_out, 0, leave_odd, &chosen, NULL, &error),
              &error);
    assert_u64_equal(left_out, chosen);
    assert_u64_equal(left_out, RECORDS / 20 * 9);
    assert_ok(ndup_corpus_walk(corpus, NULL, 0, visit, &now, NULL, &error), &error);
    assert_u64_equal(now.documents, RECORDS / 20 * 9);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    assert_u64_equal(ndup_result_summary(result)->documents, RECORDS / 20 * 9);
    assert_u64_equal(ndup_result_summary(result)->skipped, RECORDS / 10);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
}

static ndup_status walk_once(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const fixture *f = context;
    const char *inputs[] = {f->path};
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_corpus *corpus = NULL;
    size_t chosen = 0;
    options.allocator = allocator;
    ndup_status status = ndup_corpus_open(&corpus, inputs, 1, &options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_corpus_leave_out(corpus, NULL, 0, leave_odd, &chosen, NULL, error);
    }
    ndup_corpus_close(corpus);
    return status;
}

static void test_corpus_walk__gives_back_memory_after_failures(void **state)
{
    fault_loop(walk_once, *state, 1);
}

#define WALK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
TEST_MAIN(WALK_TEST(test_corpus_walk__hands_out_all_in_order),
          WALK_TEST(test_corpus_walk__ends_when_the_visitor_says_so),
          WALK_TEST(test_corpus_walk__leaves_out_what_was_chosen),
          WALK_TEST(test_corpus_walk__gives_back_memory_after_failures))
