/* SPDX-License-Identifier: MIT */
/* Forms in random corpora: what follows from the pairs, and what must not show. */
#include <stdio.h>
#include <string.h>

#include "neardup/dedup.h"
#include "support/form_check.h"
#include "support/test.h"

enum { SEEDS = 60 };

static void check_counts(const ndup_result *result)
{
    const ndup_summary *summary = ndup_result_summary(result);
    bool drops = ndup_result_options(result)->templates == NDUP_TEMPLATES_DROP;
    assert_u64_equal(summary->kept + summary->dropped, summary->documents);
    assert_u64_equal(summary->dropped,
                     summary->identical + summary->normalized + summary->contained + summary->near +
                         summary->dropped_survivors + (drops ? summary->templates : 0));
}

static ndup_result *run_seed(uint64_t seed, const ndup_dedup_options *options)
{
    made_corpus corpus = form_check_corpus(seed);
    ndup_result *result = dedup_model_run(&corpus, options);
    made_corpus_deinit(&corpus);
    return result;
}

static void test_forms__families_and_counts_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        for (unsigned way = 0; way < 8; way++) {
            ndup_dedup_options options = form_check_options();
            options.exact = (way & 1) != 0;
            options.templates = (way & 2) != 0 ? NDUP_TEMPLATES_DROP : NDUP_TEMPLATES_KEEP;
            options.cluster = (way & 4) != 0 ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
            ndup_result *result = run_seed(seed, &options);
            form_check_families(result);
            check_counts(result);
            ndup_result_free(result);
        }
    }
}

static void test_forms__counts_add_up_without_survivors(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        ndup_dedup_options options = form_check_options();
        options.drop_all = true;
        ndup_result *result = run_seed(seed, &options);
        check_counts(result);
        ndup_result_free(result);
    }
}

/* The pairs are the same, and now all of them decide. */
static void check_drop(const made_corpus *corpus, const ndup_result *with_keep,
                       const ndup_result *with_drop)
{
    const ndup_summary *summary = ndup_result_summary(with_drop);
    form_check_same_pairs(with_keep, with_drop);
    form_check_kept(corpus, with_keep, with_drop, true);
    for (uint64_t i = 0; i < summary->documents; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(with_drop, i, &verdict);
        assert_false(verdict.formed);
        assert_true(verdict.kind != NDUP_KIND_TEMPLATE || !verdict.kept);
        if (!verdict.kept && verdict.same_text == i) {
            bool is_form = form_check_kind(with_keep, verdict.survivor, i) == NAIVE_FORM;
            assert_int_equal(verdict.kind == NDUP_KIND_TEMPLATE, is_form);
        }
    }
    assert_u64_equal(summary->forms, 0);
    assert_u64_equal(summary->largest_form, 0);
}

static void test_forms__drop_lets_all_pairs_decide(void **state)
{
    (void)state;
    uint64_t templates = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        made_corpus corpus = form_check_corpus(seed);
        ndup_dedup_options options = form_check_options();
        ndup_result *with_keep = dedup_model_run(&corpus, &options);
        options.templates = NDUP_TEMPLATES_DROP;
        ndup_result *with_drop = dedup_model_run(&corpus, &options);
        check_drop(&corpus, with_keep, with_drop);
        templates += ndup_result_summary(with_drop)->templates;
        ndup_result_free(with_drop);
        ndup_result_free(with_keep);
        made_corpus_deinit(&corpus);
    }
    assert_true(templates > 100);
}

/* A component is named after its first document: a form of it is told as one. */
static void test_forms__components_tell_forms_from_copies(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        ndup_dedup_options options = form_check_options();
        options.cluster = NDUP_CLUSTER_COMPONENTS;
        options.templates = NDUP_TEMPLATES_DROP;
        ndup_result *result = run_seed(seed, &options);
        for (uint64_t i = 0; i < ndup_result_summary(result)->documents; i++) {
            ndup_verdict verdict;
            ndup_result_verdict(result, i, &verdict);
            naive_kind kind = form_check_kind(result, verdict.survivor, i);
            assert_true(kind != NAIVE_FORM || verdict.kind == NDUP_KIND_TEMPLATE);
            assert_true(kind != NAIVE_COPY || verdict.kind != NDUP_KIND_TEMPLATE);
        }
        ndup_result_free(result);
    }
}

static void test_forms__threads_do_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 3 == 0;
        options.threads = 1;
        ndup_result *one = run_seed(seed, &options);
        for (unsigned threads = 2; threads <= 5; threads += 3) {
            options.threads = threads;
            ndup_result *more = run_seed(seed, &options);
            form_check_same_verdicts(one, more, 0);
            form_check_same_pairs(one, more);
            ndup_result_free(more);
        }
        ndup_result_free(one);
    }
}

/* A family that fills the counters, so that threads meet where they end. */
static void test_forms__threads_do_not_show_in_large_families(void **state)
{
    (void)state;
    test_random random;
    made_corpus corpus = {0};
    test_random_init(&random, 7);
    form_corpus_add_form(&corpus, &random, 320, 60, 2, 9);
    ndup_dedup_options options = form_check_options();
    options.threads = 1;
    ndup_result *one = dedup_model_run(&corpus, &options);
    assert_u64_equal(ndup_result_summary(one)->kept, 320);
    assert_u64_equal(ndup_result_summary(one)->largest_form, 320);
    options.threads = 16;
    ndup_result *more = dedup_model_run(&corpus, &options);
    form_check_same_verdicts(one, more, 0);
    form_check_same_pairs(one, more);
    ndup_result_free(more);
    ndup_result_free(one);
    made_corpus_deinit(&corpus);
}

static size_t find_id(const made_corpus *corpus, const char *id)
{
    size_t i = 0;
    while (i < corpus->count && strcmp(corpus->items[i].id, id) != 0) {
        i++;
    }
    assert_true(i < corpus->count);
    return i;
}

/* The pair of the same two texts in another order of the corpus. */
static naive_kind kind_by_id(const ndup_result *result, const made_corpus *of, const char *a,
                             const char *b)
{
    size_t x = find_id(of, a);
    size_t y = find_id(of, b);
    return form_check_kind(result, x < y ? x : y, x < y ? y : x);
}

static void test_forms__order_does_not_show_in_pairs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        test_random random;
        test_random_init(&random, seed + 1);
        ndup_dedup_options options = form_check_options();
        made_corpus corpus = form_check_corpus(seed);
        made_corpus shuffled = made_corpus_shuffled(&corpus, &random);
        ndup_result *a = dedup_model_run(&corpus, &options);
        ndup_result *b = dedup_model_run(&shuffled, &options);
        const ndup_pair *pairs;
        size_t count = ndup_result_pairs(a, &pairs);
        for (size_t i = 0; i < count; i++) {
            ndup_verdict verdicts[2];
            ndup_result_verdict(a, pairs[i].a, &verdicts[0]);
            ndup_result_verdict(a, pairs[i].b, &verdicts[1]);
            naive_kind kind = form_check_kind(a, pairs[i].a, pairs[i].b);
            naive_kind other =
                kind_by_id(b, &shuffled, corpus.items[pairs[i].a].id, corpus.items[pairs[i].b].id);
            /* Of equal texts the pair names another one then. */
            assert_true(other == kind || other == NAIVE_UNLIKE);
        }
        const ndup_pair *others;
        assert_u64_equal(ndup_result_pairs(b, &others), count);
        ndup_result_free(a);
        ndup_result_free(b);
        made_corpus_deinit(&shuffled);
        made_corpus_deinit(&corpus);
    }
}

static uint64_t number_of(const ndup_result *result, ndup_text id)
{
    ndup_verdict verdict = {0};
    uint64_t number = 0;
    for (;; number++) {
        assert_true(number < ndup_result_summary(result)->documents);
        ndup_result_verdict(result, number, &verdict);
        if (form_check_same_id(verdict.id, id)) {
            return number;
        }
    }
}

/* Where the keep order does not name the input order, nothing depends on it. */
static void test_forms__order_does_not_show_in_verdicts(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed += test_step()) {
        test_random random;
        test_random_init(&random, seed + 1);
        ndup_dedup_options options = form_check_options();
        options.exact = seed % 2 == 0;
        options.keep = "longest";
        made_corpus corpus = form_check_corpus(seed);
        made_corpus shuffled = made_corpus_shuffled(&corpus, &random);
        ndup_result *a = dedup_model_run(&corpus, &options);
        ndup_result *b = dedup_model_run(&shuffled, &options);
        for (uint64_t i = 0; i < corpus.count; i++) {
            ndup_verdict v;
            ndup_verdict w;
            ndup_result_verdict(a, i, &v);
            ndup_result_verdict(b, number_of(b, v.id), &w);
            assert_true(v.kept == w.kept && v.kind == w.kind && v.formed == w.formed);
            assert_true(form_check_same_id(v.survivor_id, w.survivor_id) &&
                        form_check_same_id(v.form_id, w.form_id));
            assert_double_in(v.form_similarity, w.form_similarity, w.form_similarity);
        }
        ndup_result_free(a);
        ndup_result_free(b);
        made_corpus_deinit(&shuffled);
        made_corpus_deinit(&corpus);
    }
}

/* What is never dropped may be of a form as well, with bands and without. */
static void test_forms__protected_documents_are_of_forms(void **state)
{
    (void)state;
    static const char *const all[] = {"*"};
    test_random random;
    made_corpus corpus = {0};
    uint64_t templates[2];
    test_random_init(&random, 11);
    form_corpus_add_form(&corpus, &random, 8, 80, 2, 9);
    for (int exact = 0; exact < 2; exact++) {
        ndup_dedup_options options = form_check_options();
        options.exact = exact != 0;
        options.never_drop = all;
        options.never_drop_count = 1;
        ndup_result *result = dedup_model_run(&corpus, &options);
        assert_u64_equal(ndup_result_summary(result)->kept, 8);
        templates[exact] = ndup_result_summary(result)->templates;
        ndup_result_free(result);
    }
    assert_u64_equal(templates[0], templates[1]);
    made_corpus_deinit(&corpus);
}

/* A text that stands for its form is no near-duplicate that was missed. */
static void test_forms__audits_miss_no_forms(void **state)
{
    (void)state;
    test_random random;
    made_corpus corpus = {0};
    test_random_init(&random, 12);
    form_corpus_add_form(&corpus, &random, 30, 80, 2, 9);
    ndup_dedup_options options = form_check_options();
    options.exact = false;
    options.audit = 30;
    ndup_result *result = dedup_model_run(&corpus, &options);
    assert_u64_equal(ndup_result_summary(result)->kept, 30);
    assert_u64_equal(ndup_result_summary(result)->templates, 29);
    assert_u64_equal(ndup_result_summary(result)->audit_documents, 30);
    assert_u64_equal(ndup_result_summary(result)->audit_missed, 0);
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

/* Of texts so short that one word may say the opposite, drop takes what keep marks, or neither. */
static void test_forms__short_texts_are_marked_if_they_would_go(void **state)
{
    (void)state;
    test_random random;
    made_corpus corpus = {0};
    uint64_t templates[2];
    test_random_init(&random, 14);
    form_corpus_add_form(&corpus, &random, 8, 30, 1, 5);
    for (int drops = 0; drops < 2; drops++) {
        ndup_dedup_options options = form_check_options();
        options.templates = drops != 0 ? NDUP_TEMPLATES_DROP : NDUP_TEMPLATES_KEEP;
        ndup_result *result = dedup_model_run(&corpus, &options);
        templates[drops] = ndup_result_summary(result)->templates;
        ndup_result_free(result);
    }
    assert_u64_equal(templates[0], templates[1]);
    made_corpus_deinit(&corpus);
}

/* Counters are shared by hash, so that a few pairs may be told otherwise in a large corpus. */
static void check_among_others(uint64_t seed, size_t families, size_t family)
{
    test_random random;
    made_corpus corpus = {0};
    size_t others = 0;
    test_random_init(&random, seed);
    for (size_t i = 0; i < families; i++) {
        form_corpus_add_form(&corpus, &random, family, 140, 2, 24);
    }
    ndup_dedup_options options = form_check_options();
    ndup_result *together = dedup_model_run(&corpus, &options);
    for (size_t i = 0; i < families; i++) {
        made_corpus piece = {.items = corpus.items + i * family, .count = family};
        ndup_result *alone = dedup_model_run(&piece, &options);
        for (size_t k = 0; k < family * family; k++) {
            size_t a = k / family;
            size_t b = k % family;
            others += a < b && form_check_kind(alone, a, b) !=
                                   form_check_kind(together, i * family + a, i * family + b);
        }
        ndup_result_free(alone);
    }
    size_t pairs = families * family * (family - 1) / 2;
    printf("%zu of %zu pairs are told otherwise among other families\n", others, pairs);
    ndup_result_free(together);
    made_corpus_deinit(&corpus);
    assert_in_range(others, 0, pairs / 100);
}

static void test_forms__other_families_hardly_show(void **state)
{
    (void)state;
    check_among_others(13, 128, 4);
}

static void test_forms__other_families_make_no_form_of_a_copy(void **state)
{
    (void)state;
    check_among_others(15, 200, 2);
}

TEST_MAIN(cmocka_unit_test(test_forms__families_and_counts_add_up),
          cmocka_unit_test(test_forms__counts_add_up_without_survivors),
          cmocka_unit_test(test_forms__drop_lets_all_pairs_decide),
          cmocka_unit_test(test_forms__components_tell_forms_from_copies),
          cmocka_unit_test(test_forms__threads_do_not_show),
          cmocka_unit_test(test_forms__threads_do_not_show_in_large_families),
          cmocka_unit_test(test_forms__order_does_not_show_in_pairs),
          cmocka_unit_test(test_forms__order_does_not_show_in_verdicts),
          cmocka_unit_test(test_forms__protected_documents_are_of_forms),
          cmocka_unit_test(test_forms__audits_miss_no_forms),
          cmocka_unit_test(test_forms__short_texts_are_marked_if_they_would_go),
          cmocka_unit_test(test_forms__other_families_hardly_show),
          cmocka_unit_test(test_forms__other_families_make_no_form_of_a_copy))
