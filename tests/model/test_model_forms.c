/* SPDX-License-Identifier: MIT */
/* Forms in random corpora against plain counting. */
#include <stdio.h>

#include "support/form_check.h"
#include "support/naive_forms.h"
#include "support/test.h"

enum { SEEDS = 60 };

typedef struct tally {
    size_t pairs, forms, copies;
    size_t unclear;
    size_t other_than_naive; /* of the unclear ones */
} tally;

static void check_pair(tally *sums, const naive_forms *forms, const ndup_result *result, size_t a,
                       size_t b)
{
    bool is_clear;
    naive_kind expected = naive_forms_kind(forms, a, b, &is_clear);
    naive_kind actual = form_check_kind(result, a, b);
    if (is_clear && actual != expected) {
        fail_msg("documents %zu and %zu: kind %d, by counting %d", a, b, actual, expected);
    }
    sums->pairs += expected != NAIVE_UNLIKE;
    sums->forms += expected == NAIVE_FORM;
    sums->copies += expected == NAIVE_COPY;
    sums->unclear += !is_clear;
    sums->other_than_naive += actual != expected;
}

static void check_seed(tally *sums, uint64_t seed, const ndup_dedup_options *options)
{
    made_corpus corpus = form_check_corpus(seed);
    dedup_model model; /* for its texts taken apart */
    naive_forms forms;
    dedup_model_init(&model, &corpus, options);
    naive_forms_init(&forms, &model.naive, &options->matching);
    ndup_result *result = dedup_model_run(&corpus, options);
    for (size_t b = 0; b < corpus.count; b++) {
        for (size_t a = 0; a < b; a++) {
            if (forms.is_first[a] && forms.is_first[b]) {
                check_pair(sums, &forms, result, a, b);
            }
        }
    }
    form_check_kept(&corpus, result, result, false);
    ndup_result_free(result);
    naive_forms_deinit(&forms);
    dedup_model_deinit(&model);
    made_corpus_deinit(&corpus);
}

static void check_against_counting(const char *preset, double number_agreement)
{
    tally sums = {0};
    ndup_dedup_options options = form_check_options();
    ndup_error error;
    ndup_dedup_options named;
    assert_ok(ndup_dedup_options_init(&named, preset, &error), &error);
    options.matching = named.matching;
    if (number_agreement >= 0) {
        options.matching.number_agreement = number_agreement;
    }
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        check_seed(&sums, seed, &options);
    }
    printf("%zu pairs, %zu of a form, %zu copies; %zu unclear, of which %zu other than by "
           "counting\n",
           sums.pairs, sums.forms, sums.copies, sums.unclear, sums.other_than_naive);
    assert_true(sums.forms > 500 && sums.copies > 100);
    assert_true(sums.unclear * 5 < sums.pairs);
    assert_true(sums.other_than_naive * 200 < sums.pairs);
}

static void test_forms__exact_pairs_are_those_of_counting(void **state)
{
    (void)state;
    check_against_counting(NULL, -1);
}

static void test_forms__all_figures_may_be_asked_for(void **state)
{
    (void)state;
    check_against_counting(NULL, 1);
}

static void test_forms__no_figures_may_be_asked_for(void **state)
{
    (void)state;
    check_against_counting(NULL, 0);
}

TEST_MAIN(cmocka_unit_test(test_forms__exact_pairs_are_those_of_counting),
          cmocka_unit_test(test_forms__all_figures_may_be_asked_for),
          cmocka_unit_test(test_forms__no_figures_may_be_asked_for))
