/* SPDX-License-Identifier: MIT */
/* Counts of terms against exact ones. */
#include "story/term_counts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "support/random.h"
#include "support/test.h"

static ndup__term term_of(uint64_t number)
{
    return (ndup__term){.hash = ndup__mix64(number + 1), .is_word = number % 4 == 0};
}

/* Texts of 20 terms out of `terms`, the low ones more often. Terms of one text are distinct. */
static void add_texts(ndup__term_counts *counts, uint32_t *exact, size_t texts, uint64_t terms)
{
    test_random random;
    test_random_init(&random, terms);
    for (size_t text = 0; text < texts; text++) {
        ndup__term some[20];
        uint64_t below = 1 + test_random_below(&random, terms - 20);
        uint64_t first = test_random_below(&random, below);
        for (uint64_t i = 0; i < 20; i++) {
            some[i] = term_of(first + i);
            exact[first + i]++;
        }
        ndup__term_counts_add(counts, some, 20);
    }
    assert_u64_equal(counts->texts, texts);
}

static void check_counts(uint64_t terms, size_t texts, uint64_t higher_most)
{
    ndup__term_counts counts;
    ndup_error error;
    uint64_t higher = 0;
    uint32_t *exact = calloc(terms, sizeof *exact);
    assert_non_null(exact);
    assert_ok(ndup__term_counts_init(&counts, 1000, NULL, &error), &error);
    add_texts(&counts, exact, texts, terms);
    for (uint64_t i = 0; i < terms; i++) {
        ndup__term term = term_of(i);
        uint32_t count = ndup__term_counts_get(&counts, &term);
        assert_true(count >= exact[i]);
        higher += count > exact[i];
    }
    assert_true(higher <= higher_most);
    ndup__term_counts_deinit(&counts);
    free(exact);
}

static void test_term_counts__are_exact_for_few(void **state)
{
    (void)state;
    check_counts(300, 2000, 0);
}

static void test_term_counts__are_never_too_low(void **state)
{
    (void)state;
    check_counts(200000, 20000, 200000); /* twelve times the cells that there are */
}

static void test_term_counts__end_at_the_most(void **state)
{
    (void)state;
    ndup__term_counts counts;
    ndup_error error;
    ndup__term pair = {.hash = 12345};
    ndup__term word = {.hash = 54321, .is_word = true};
    assert_ok(ndup__term_counts_init(&counts, 0, NULL, &error), &error);
    for (uint32_t i = 0; i < NDUP__PAIR_TEXTS_MOST + 5; i++) {
        ndup__term_counts_add(&counts, (ndup__term[]){pair, word}, 2);
    }
    assert_int_equal(ndup__term_counts_get(&counts, &pair), NDUP__PAIR_TEXTS_MOST);
    assert_int_equal(ndup__term_counts_get(&counts, &word), NDUP__PAIR_TEXTS_MOST + 5);
    ndup__term_counts_deinit(&counts);
}

/* Counters that are added as texts come tell what enough counters would, at the least. */
static void test_term_counts__stay_when_there_are_more_counters(void **state)
{
    (void)state;
    enum { TERMS = 40000, TEXTS = 6000 };
    ndup__term_counts counts;
    ndup_error error;
    uint32_t *exact = calloc(TERMS, sizeof *exact);
    assert_non_null(exact);
    assert_ok(ndup__term_counts_init(&counts, 0, NULL, &error), &error);
    add_texts(&counts, exact, TEXTS, TERMS);
    size_t cells = counts.pair_cells;
    assert_ok(ndup__term_counts_widen(&counts, 4 * cells, 2 * cells, &error), &error);
    assert_int_equal(counts.pair_cells, 2 * cells);
    for (uint64_t i = 0; i < TERMS; i++) {
        ndup__term term = term_of(i);
        assert_true(ndup__term_counts_get(&counts, &term) >= exact[i]);
    }
    ndup__term_counts_deinit(&counts);
    free(exact);
}

static void test_term_counts__are_halved(void **state)
{
    (void)state;
    ndup__term_counts counts;
    ndup_error error;
    ndup__term word = {.hash = 77, .is_word = true};
    ndup__term pair = {.hash = 78};
    assert_ok(ndup__term_counts_init(&counts, 0, NULL, &error), &error);
    for (size_t i = 0; i < 7; i++) {
        ndup__term_counts_add(&counts, &word, 1);
    }
    ndup__term_counts_add(&counts, &pair, 1);
    ndup__term_counts_halve(&counts);
    assert_int_equal(ndup__term_counts_get(&counts, &word), 3);
    assert_int_equal(ndup__term_counts_get(&counts, &pair), 0);
    assert_u64_equal(counts.texts, 4);
    ndup__term_counts_deinit(&counts);
}

TEST_MAIN(cmocka_unit_test(test_term_counts__are_exact_for_few),
          cmocka_unit_test(test_term_counts__are_never_too_low),
          cmocka_unit_test(test_term_counts__end_at_the_most),
          cmocka_unit_test(test_term_counts__stay_when_there_are_more_counters),
          cmocka_unit_test(test_term_counts__are_halved))
