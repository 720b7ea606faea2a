/* SPDX-License-Identifier: MIT */
/* Shared runs against the table of all common suffixes. */
#include "similarity/spans.h"

#include <stdbool.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { MOST = 120 };

typedef struct text_pair {
    uint64_t a[MOST], b[MOST];
    size_t a_count, b_count;
} text_pair;

/* Random texts with some stretches of the first copied into the second. */
static void fill(test_random *random, text_pair *pair, uint64_t vocabulary)
{
    pair->a_count = (size_t)test_random_below(random, MOST);
    pair->b_count = (size_t)test_random_below(random, MOST);
    for (size_t i = 0; i < MOST; i++) {
        pair->a[i] = test_random_below(random, vocabulary) * 0x9E3779B97F4A7C15u;
        pair->b[i] = test_random_below(random, vocabulary) * 0x9E3779B97F4A7C15u;
    }
    for (int i = 0; i < 3; i++) {
        size_t length = (size_t)test_random_below(random, 30);
        size_t to = (size_t)test_random_below(random, MOST - length);
        size_t from = (size_t)test_random_below(random, MOST - length);
        memcpy(pair->b + to, pair->a + from, length * sizeof *pair->a);
    }
}

static size_t longest_run(const text_pair *pair, size_t *first_end)
{
    size_t lengths[MOST + 1][MOST + 1] = {{0}};
    size_t longest = 0;
    for (size_t j = 1; j <= pair->b_count; j++) {
        for (size_t i = 1; i <= pair->a_count; i++) {
            bool same = pair->a[i - 1] == pair->b[j - 1];
            lengths[i][j] = same ? lengths[i - 1][j - 1] + 1 : 0;
            if (lengths[i][j] > longest) {
                longest = lengths[i][j];
                *first_end = j;
            }
        }
    }
    return longest;
}

static void check_run(const text_pair *pair, const ndup__shared_run *run)
{
    assert_true((size_t)run->a + run->length <= pair->a_count);
    assert_true((size_t)run->b + run->length <= pair->b_count);
    assert_memory_equal(pair->a + run->a, pair->b + run->b, run->length * sizeof *pair->a);
}

static void test_spans__longest_run_equals_naive(void **state)
{
    (void)state;
    test_random random;
    ndup__run_finder finder = {0};
    test_random_init(&random, 1);
    for (int i = 0; i < 3000; i++) {
        text_pair pair;
        ndup__shared_run run;
        ndup_error error;
        size_t first_end = 0;
        fill(&random, &pair, i % 3 == 0 ? 6 : 100000);
        assert_ok(
            ndup__longest_run(&run, &finder, pair.a, pair.a_count, pair.b, pair.b_count, &error),
            &error);
        assert_u64_equal(run.length, longest_run(&pair, &first_end));
        if (run.length > 0) {
            check_run(&pair, &run);
            assert_u64_equal((size_t)run.b + run.length, first_end);
        }
    }
    ndup__run_finder_deinit(&finder);
}

static bool overlap(uint32_t a, uint32_t a_length, uint32_t b, uint32_t b_length)
{
    return a < b + b_length && b < a + a_length;
}

static void test_spans__runs_descend_and_do_not_overlap(void **state)
{
    (void)state;
    test_random random;
    ndup__run_finder finder = {0};
    test_random_init(&random, 2);
    for (int round = 0; round < 2000; round++) {
        text_pair pair;
        const ndup__shared_run *runs;
        size_t count;
        size_t first_end;
        ndup_error error;
        size_t most = (size_t)test_random_below(&random, 6);
        fill(&random, &pair, 100000);
        assert_ok(ndup__shared_runs(&runs, &count, &finder, pair.a, pair.a_count, pair.b,
                                    pair.b_count, most, &error),
                  &error);
        assert_true(count <= most);
        size_t longest = longest_run(&pair, &first_end);
        assert_true(count > 0 || most == 0 || longest == 0);
        for (size_t i = 0; i < count; i++) {
            check_run(&pair, &runs[i]);
            assert_true(runs[i].length > 0);
            assert_true(i == 0 ? runs[i].length == longest : runs[i].length <= runs[i - 1].length);
            for (size_t j = 0; j < i; j++) {
                assert_false(overlap(runs[i].a, runs[i].length, runs[j].a, runs[j].length));
                assert_false(overlap(runs[i].b, runs[i].length, runs[j].b, runs[j].length));
            }
        }
    }
    ndup__run_finder_deinit(&finder);
}

static void test_spans__one_shingle_repeated_stays_fast_and_true(void **state)
{
    (void)state;
    static uint64_t a[50000];
    static uint64_t b[50000];
    ndup__run_finder finder = {0};
    ndup__shared_run run;
    ndup_error error;
    for (size_t i = 0; i < 50000; i++) {
        a[i] = b[i] = 7;
    }
    assert_ok(ndup__longest_run(&run, &finder, a, 50000, b, 50000, &error), &error);
    assert_true(run.length > 0 && run.a + run.length <= 50000 && run.b + run.length <= 50000);
    b[0] = 8; /* so that every place of b begins a run at the first of a */
    assert_ok(ndup__longest_run(&run, &finder, a, 50000, b, 50000, &error), &error);
    assert_u64_equal(run.length, 49999);
    ndup__run_finder_deinit(&finder);
}

static void test_spans__memory_may_fail(void **state)
{
    (void)state;
    test_random random;
    text_pair pair;
    test_random_init(&random, 3);
    fill(&random, &pair, 50);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        const ndup__shared_run *runs;
        size_t count;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__run_finder finder = {.allocator = &memory.allocator};
        ndup_status status = ndup__shared_runs(&runs, &count, &finder, pair.a, pair.a_count, pair.b,
                                               pair.b_count, 9, &error);
        ndup__run_finder_deinit(&finder);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_spans__longest_run_equals_naive),
          cmocka_unit_test(test_spans__runs_descend_and_do_not_overlap),
          cmocka_unit_test(test_spans__one_shingle_repeated_stays_fast_and_true),
          cmocka_unit_test(test_spans__memory_may_fail))
