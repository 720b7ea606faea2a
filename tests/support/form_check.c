/* SPDX-License-Identifier: MIT */
/* Runs over corpora of forms and what is asked of their results. */
#include "support/form_check.h"

#include <stdlib.h>
#include <string.h>

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

bool form_check_same_id(ndup_text a, ndup_text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

void form_check_families(const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    size_t *sizes = calloc(summary->documents + 1, sizeof *sizes);
    uint64_t templates = 0, forms = 0, largest = 0;
    assert_non_null(sizes);
    for (uint64_t i = 0; i < summary->documents; i++) {
        ndup_verdict verdict;
        ndup_verdict first;
        ndup_result_verdict(result, i, &verdict);
        ndup_result_verdict(result, verdict.form, &first);
        templates += verdict.kind == NDUP_KIND_TEMPLATE;
        assert_true(form_check_same_id(verdict.form_id, first.id));
        assert_true(verdict.formed || verdict.form == i);
        assert_true(verdict.formed || !verdict.kept || verdict.kind != NDUP_KIND_TEMPLATE);
        if (verdict.formed) {
            assert_true(verdict.kept && first.kept && first.formed);
            assert_u64_equal(first.form, verdict.form);
            assert_true(first.kind == NDUP_KIND_NONE && verdict.form <= i); /* in keep order */
            assert_true((verdict.kind == NDUP_KIND_TEMPLATE) == (verdict.form != i));
            double least = verdict.form == i ? 1 : ndup_result_options(result)->matching.threshold;
            assert_double_in(verdict.form_similarity, least, 1);
            sizes[verdict.form]++;
        }
    }
    for (uint64_t i = 0; i < summary->documents; i++) {
        assert_true(sizes[i] != 1);
        forms += sizes[i] > 1;
        largest = sizes[i] > largest ? sizes[i] : largest;
    }
    assert_u64_equal(summary->templates, templates);
    assert_u64_equal(summary->forms, forms);
    assert_u64_equal(summary->largest_form, largest);
    free(sizes);
}

void form_check_same_verdicts(const ndup_result *a, const ndup_result *b, double error)
{
    const ndup_summary *x = ndup_result_summary(a);
    const ndup_summary *y = ndup_result_summary(b);
    assert_u64_equal(x->documents, y->documents);
    for (uint64_t i = 0; i < x->documents; i++) {
        ndup_verdict v;
        ndup_verdict w;
        ndup_result_verdict(a, i, &v);
        ndup_result_verdict(b, i, &w);
        assert_true(v.kept == w.kept && v.kind == w.kind && v.survivor == w.survivor);
        assert_true(v.formed == w.formed && v.form == w.form);
        assert_true(form_check_same_id(v.form_id, w.form_id));
        assert_double_in(v.form_similarity, w.form_similarity - error, w.form_similarity + error);
        assert_double_in(v.similarity, w.similarity - error, w.similarity + error);
    }
    assert_u64_equal(x->templates, y->templates);
    assert_u64_equal(x->forms, y->forms);
    assert_u64_equal(x->largest_form, y->largest_form);
}

void form_check_same_pairs(const ndup_result *a, const ndup_result *b)
{
    const ndup_pair *x;
    const ndup_pair *y;
    size_t count = ndup_result_pairs(a, &x);
    assert_u64_equal(count, ndup_result_pairs(b, &y));
    for (size_t i = 0; i < count; i++) {
        assert_true(x[i].a == y[i].a && x[i].b == y[i].b && x[i].kind == y[i].kind);
        assert_double_in(x[i].similarity, y[i].similarity, y[i].similarity);
    }
}
