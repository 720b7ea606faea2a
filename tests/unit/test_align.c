/* SPDX-License-Identifier: MIT */
/* What two sequences have in common, against the table of all longest common subsequences. */
#include "similarity/align.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

enum { SHORT = 120, LONG = 200000 };

/* Token n of a vocabulary. */
static uint64_t token(uint64_t n)
{
    return ndup__mix64(n + 1);
}

/* The longest common subsequence, row by row. */
static uint32_t naive_common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    uint32_t row[SHORT + 1] = {0};
    for (size_t i = 0; i < a_count; i++) {
        uint32_t corner = 0;
        for (size_t k = 0; k < b_count; k++) {
            uint32_t above = row[k + 1];
            uint32_t most = above > row[k] ? above : row[k];
            row[k + 1] = a[i] == b[k] ? corner + 1 : most;
            corner = above;
        }
    }
    return row[b_count];
}

/* Asserts that runs are equal in both and in order; returns how many tokens they have. */
static size_t check_runs(const ndup__aligned_runs *runs, const uint64_t *a, size_t a_count,
                         const uint64_t *b, size_t b_count)
{
    size_t sum = 0;
    size_t a_end = 0;
    size_t b_end = 0;
    for (size_t i = 0; i < runs->count; i++) {
        ndup__aligned_run run = runs->items[i];
        assert_true(run.tokens > 0 && run.a >= a_end && run.b >= b_end);
        a_end = (size_t)run.a + run.tokens;
        b_end = (size_t)run.b + run.tokens;
        assert_true(a_end <= a_count && b_end <= b_count);
        assert_memory_equal(a + run.a, b + run.b, run.tokens * sizeof *a);
        sum += run.tokens;
    }
    return sum;
}

static size_t align(ndup__aligner *aligner, const uint64_t *a, size_t a_count, const uint64_t *b,
                    size_t b_count)
{
    ndup_error error;
    assert_ok(ndup__align(aligner, a, a_count, b, b_count, &error), &error);
    return check_runs(&aligner->runs, a, a_count, b, b_count);
}

/* Copies a[count] with edits; returns how many tokens it has, and in *kept how many of a stay. */
static size_t edit(uint64_t *b, size_t *kept, const uint64_t *a, size_t count, size_t most,
                   double chance, test_random *random)
{
    size_t length = 0;
    *kept = 0;
    for (size_t i = 0; i < count && length < most; i++) {
        bool stays = !test_random_chance(random, chance);
        if (stays) {
            b[length++] = a[i];
            ++*kept;
        } else if (test_random_chance(random, 0.5)) {
            b[length++] = token(test_random_below(random, 1000));
        }
    }
    return length;
}

static void test_align__short_texts_are_aligned_exactly(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 11);
    ndup__aligner aligner = {.allocator = NULL};
    for (int round = 0; round < 3000; round++) {
        uint64_t a[SHORT];
        uint64_t b[SHORT];
        size_t kept;
        size_t a_count = (size_t)test_random_below(&random, SHORT + 1);
        uint64_t words = 1 + test_random_below(&random, 40);
        for (size_t i = 0; i < a_count; i++) {
            a[i] = token(test_random_below(&random, words));
        }
        size_t b_count = edit(b, &kept, a, a_count, SHORT, test_random_unit(&random), &random);
        assert_u64_equal(align(&aligner, a, a_count, b, b_count),
                         naive_common(a, a_count, b, b_count));
    }
    ndup__aligner_deinit(&aligner);
}

static void fill_long(uint64_t *a, size_t count, uint64_t words, test_random *random)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t x = test_random_below(random, words);
        a[i] = token(x * test_random_below(random, words) / words); /* some words are common */
    }
}

static void test_align__long_texts_keep_what_an_edit_left(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 12);
    ndup__aligner aligner = {.allocator = NULL};
    uint64_t *a = malloc(LONG * sizeof *a);
    uint64_t *b = malloc(LONG * sizeof *b);
    assert_true(a != NULL && b != NULL);
    fill_long(a, LONG, 20000, &random);
    static const double chances[] = {0.001, 0.01, 0.05, 0.2};
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++) {
        size_t kept;
        size_t count = edit(b, &kept, a, LONG, LONG, chances[i], &random);
        assert_true((double)align(&aligner, a, LONG, b, count) >= 0.999 * (double)kept);
    }
    free(a);
    free(b);
    ndup__aligner_deinit(&aligner);
}

/* The middle of a long text stands at the end of the other, behind what is its own. */
static void test_align__what_was_put_in_before_it_hides_nothing(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 13);
    ndup__aligner aligner = {.allocator = NULL};
    uint64_t *a = malloc(LONG * sizeof *a);
    uint64_t *b = malloc(LONG * sizeof *b);
    assert_true(a != NULL && b != NULL);
    fill_long(a, LONG, 5000, &random);
    fill_long(b, LONG / 2, 5000, &random);
    memcpy(b + LONG / 2, a + LONG / 4, LONG / 2 * sizeof *b);
    assert_true(align(&aligner, a, LONG, b, LONG) >= LONG / 2);
    free(a);
    free(b);
    ndup__aligner_deinit(&aligner);
}

/* Nothing stands once in texts of two words: they are aligned by looking ahead alone. */
static void test_align__texts_of_two_words_end(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 14);
    ndup__aligner aligner = {.allocator = NULL};
    uint64_t *a = malloc(LONG * sizeof *a);
    uint64_t *b = malloc(LONG * sizeof *b);
    assert_true(a != NULL && b != NULL);
    fill_long(a, LONG, 2, &random);
    for (size_t i = 0; i < LONG; i++) {
        b[i] = token(i % 2);
    }
    assert_true(align(&aligner, a, LONG, b, LONG) > LONG / 3);
    assert_true(align(&aligner, a, LONG, b, 3) > 0);
    free(a);
    free(b);
    ndup__aligner_deinit(&aligner);
}

static ndup_status align_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const uint64_t *tokens = context;
    ndup__aligner aligner = {.allocator = allocator};
    ndup_status status = ndup__align(&aligner, tokens, 600, tokens + 300, 600, error);
    ndup__aligner_deinit(&aligner);
    return status;
}

static void test_align__without_memory(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 15);
    uint64_t tokens[900];
    fill_long(tokens, 900, 800, &random);
    fault_loop(align_job, tokens, 1);
}

TEST_MAIN(cmocka_unit_test(test_align__short_texts_are_aligned_exactly),
          cmocka_unit_test(test_align__long_texts_keep_what_an_edit_left),
          cmocka_unit_test(test_align__what_was_put_in_before_it_hides_nothing),
          cmocka_unit_test(test_align__texts_of_two_words_end),
          cmocka_unit_test(test_align__without_memory))
