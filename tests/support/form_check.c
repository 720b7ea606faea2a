/* SPDX-License-Identifier: MIT */
/* Runs over corpora of forms and what is asked of their results. */
#include "support/form_check.h"

#include <stdlib.h>

#include "support/test.h"

ndup_dedup_options form_check_options(void)
{
    ndup_dedup_options options;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    options.exact = true;
    options.pairs = true;
    options.threads = 2;
    return options;
}

made_corpus form_check_corpus(uint64_t seed)
{
    test_random random;
    test_random_init(&random, seed);
    made_corpus corpus = form_corpus_mixed(&random);
    corpus.as_records = true;
    return corpus;
}

naive_kind form_check_kind(const ndup_result *result, size_t a, size_t b)
{
    const ndup_pair *pairs;
    size_t count = ndup_result_pairs(result, &pairs);
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].a == a && pairs[i].b == b) {
            return pairs[i].kind == NDUP_KIND_TEMPLATE ? NAIVE_FORM : NAIVE_COPY;
        }
    }
    return NAIVE_UNLIKE;
}

void form_check_kept(const made_corpus *corpus, const ndup_result *pairs, const ndup_result *result,
                     bool forms_too)
{
    bool *kept = calloc(corpus->count + 1, sizeof *kept);
    assert_non_null(kept);
    for (size_t i = 0; i < corpus->count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        kept[i] = verdict.same_text == i; /* pairs name the first of equal texts */
        for (size_t j = 0; j < i; j++) {
            naive_kind kind = form_check_kind(pairs, j, i);
            kept[i] &= !kept[j] || !(kind == NAIVE_COPY || (forms_too && kind == NAIVE_FORM));
        }
        assert_int_equal(verdict.kept, kept[i]);
    }
    free(kept);
}
