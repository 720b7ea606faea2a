/* SPDX-License-Identifier: MIT */
/* Weights and scores against what is reckoned by hand. */
#include "story/term_vector.h"

#include <math.h>

#include "support/test.h"

enum { TEXTS = 100 };

static ndup__term word(uint32_t number, float count)
{
    return (ndup__term){.hash = (uint64_t)number << 33 | number, .count = count, .is_word = true};
}

/* A corpus of TEXTS texts, of which in_texts[i] have word i + 1. */
static void make_counts(ndup__term_counts *counts, const unsigned *in_texts, uint32_t words)
{
    ndup_error error;
    assert_ok(ndup__term_counts_init(counts, 1000, NULL, &error), &error);
    for (unsigned text = 0; text < TEXTS; text++) {
        ndup__term terms[8];
        size_t used = 0;
        for (uint32_t i = 0; i < words; i++) {
            if (text < in_texts[i]) {
                terms[used++] = word(i + 1, 1);
            }
        }
        ndup__term_counts_add(counts, terms, used);
    }
}

static void make_vector(ndup__term_vector *vector, ndup__rarest_terms *rarest,
                        const ndup__term_counts *counts, const ndup__term *terms, size_t count)
{
    ndup__term_chooser chooser = {.allocator = NULL};
    ndup_error error;
    assert_ok(ndup__term_vector_make(vector, rarest, &chooser, counts, terms, count, &error),
              &error);
    ndup__term_chooser_deinit(&chooser);
}

static void test_term_vector__weighs_by_count_and_rarity(void **state)
{
    (void)state;
    /* Of one text, of few, of more, of just three tenths, of one more, of all. */
    static const unsigned in_texts[] = {1, 2, 10, 30, 31, 100};
    ndup__term terms[6];
    ndup__term_counts counts;
    ndup__term_vector vector;
    ndup__rarest_terms rarest;
    make_counts(&counts, in_texts, 6);
    for (uint32_t i = 0; i < 6; i++) {
        terms[i] = word(i + 1, i == 2 ? 3 : 1);
    }
    make_vector(&vector, &rarest, &counts, terms, 6);
    double weights[] = {log(2) * pow(log(50), .75), log(4) * pow(log(10), .75),
                        log(2) * pow(log(100.0 / 30), .75)};
    double length =
        sqrt(weights[0] * weights[0] + weights[1] * weights[1] + weights[2] * weights[2]);
    assert_int_equal(vector.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(vector.terms[i].term, i + 2);
        assert_double_in((double)vector.terms[i].weight, weights[i] / length - .002,
                         weights[i] / length + .002);
    }
    assert_int_equal(rarest.count, 3);
    assert_int_equal(rarest.terms[0], 2); /* the rarest */
    assert_int_equal(rarest.terms[2], 4);
    ndup__term_vector_free(&vector, NULL);
    ndup__term_counts_deinit(&counts);
}

static void test_term_vector__keeps_the_heaviest(void **state)
{
    (void)state;
    static ndup__term terms[2 * NDUP__TERMS_KEPT];
    ndup__term_counts counts;
    ndup__term_vector vector;
    ndup__rarest_terms rarest;
    ndup_error error;
    for (uint32_t i = 0; i < 2 * NDUP__TERMS_KEPT; i++) {
        terms[i] = word(i + 1, i % 2 == 0 ? 1 : 2);
    }
    assert_ok(ndup__term_counts_init(&counts, 1000, NULL, &error), &error);
    ndup__term_counts_add(&counts, terms, 2 * NDUP__TERMS_KEPT);
    ndup__term_counts_add(&counts, terms, 2 * NDUP__TERMS_KEPT);
    make_vector(&vector, &rarest, &counts, terms, 2 * NDUP__TERMS_KEPT);
    assert_int_equal(vector.count, NDUP__TERMS_KEPT);
    for (uint32_t i = 0; i < vector.count; i++) {
        assert_int_equal(vector.terms[i].term, 2 * i + 2);
    }
    assert_int_equal(rarest.count, NDUP__TERMS_ASKED);
    ndup__term_vector_free(&vector, NULL);
    ndup__term_counts_deinit(&counts);
}

static void test_term_vector__of_nothing_is_like_nothing(void **state)
{
    (void)state;
    ndup__term_counts counts;
    ndup__term_vector vector;
    ndup__rarest_terms rarest;
    make_counts(&counts, NULL, 0);
    make_vector(&vector, &rarest, &counts, NULL, 0);
    assert_int_equal(vector.count, 0);
    assert_double_in(ndup__term_score(&vector, &vector), 0, 0);
    ndup__term_vector_free(&vector, NULL);
    ndup__term_counts_deinit(&counts);
}

static ndup__term_vector vector_of(ndup__weighted_term *terms, uint32_t count)
{
    return (ndup__term_vector){.terms = terms, .count = count};
}

static void test_term_vector__score_is_less_for_few_terms(void **state)
{
    (void)state;
    ndup__weighted_term one[] = {{5, 1, 1}};
    ndup__weighted_term four[] = {{1, 1, .5f}, {5, 1, .5f}, {6, 1, .5f}, {9, 1, .5f}};
    ndup__weighted_term some[] = {{0, 1, .5f}, {1, 1, .5f}, {6, 1, .5f}, {7, 1, .5f}};
    ndup__term_vector a = vector_of(one, 1);
    ndup__term_vector b = vector_of(four, 4);
    ndup__term_vector c = vector_of(some, 4);
    /* One term has all: 1 - 2.5. Four have a quarter each: 1 - 2.5 / 4. */
    assert_double_in(ndup__term_score(&a, &a), -1.5, -1.5);
    assert_double_in(ndup__term_score(&b, &b), .375, .375);
    /* Two of .25 each: .5 - 2.5 (2 / 16) / .5. */
    assert_double_in(ndup__term_score(&b, &c), -.125, -.125);
    assert_double_in(ndup__term_score(&c, &b), -.125, -.125);
    assert_double_in(ndup__term_score(&a, &c), 0, 0);
}

/* Of four shared terms of a quarter each, one that is rare will do. */
static void test_term_vector__asks_for_rare_terms(void **state)
{
    (void)state;
    ndup__weighted_term common[] = {{1, 0, .5f}, {5, 0, .5f}, {6, 0, .5f}, {9, 0, .5f}};
    ndup__weighted_term mixed[] = {{1, 0, .5f}, {5, 1, .5f}, {6, 0, .5f}, {9, 0, .5f}};
    ndup__term_vector a = vector_of(common, 4);
    ndup__term_vector b = vector_of(mixed, 4);
    assert_double_in(ndup__term_score(&a, &a), 0, 0);
    assert_double_in(ndup__term_score(&b, &b), .375, .375);
}

TEST_MAIN(cmocka_unit_test(test_term_vector__weighs_by_count_and_rarity),
          cmocka_unit_test(test_term_vector__keeps_the_heaviest),
          cmocka_unit_test(test_term_vector__of_nothing_is_like_nothing),
          cmocka_unit_test(test_term_vector__score_is_less_for_few_terms),
          cmocka_unit_test(test_term_vector__asks_for_rare_terms))
