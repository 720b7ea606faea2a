/* SPDX-License-Identifier: MIT */
/* Whole runs over hundreds of small random corpora against the naive answer. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "neardup/dedup.h"
#include "support/dedup_model.h"
#include "support/test.h"

static const char *const chains[] = {
    NULL,
    "first",
    "last",
    "longest",
    "shortest",
    "newest",
    "oldest",
    "prefer=s2,longest",
    "prefer=s*",
    "field:score:desc",
    "field:score:asc,last",
    "prefer=d1*,newest,longest",
};
/* Those that do not name the input order. */
static const char *const free_chains[] = {
    "longest", "shortest,oldest", "newest", "prefer=s1,longest", "prefer=d2*", "field:score:desc",
};
static const char *const protected_globs[] = {"s3", "d1*"};

/* Options of every kind; what is drawn depends on the generator only. */
static ndup_dedup_options random_options(test_random *random)
{
    static const double thresholds[] = {0.3, 0.5, 0.6, 0.65, 2.0 / 3, 0.75, 0.8, 0.85, 0.9, 1};
    static const unsigned sizes[] = {1, 2, 3, 5, 5, 5, 8};
    ndup_dedup_options options;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    options.matching.threshold = thresholds[test_random_below(random, 10)];
    options.matching.shingle_size = sizes[test_random_below(random, 7)];
    options.matching.number_agreement = 0;
    options.templates = NDUP_TEMPLATES_DROP; /* what is alike goes, whatever it shares */
    options.matching.tokens = NDUP_TOKEN_WORDS;
    if (test_random_chance(random, 0.1)) {
        options.matching.tokens = NDUP_TOKEN_CHARACTERS;
    }
    options.seed = test_random_u64(random);
    options.keep = chains[test_random_below(random, sizeof chains / sizeof *chains)];
    options.never_drop = protected_globs;
    options.never_drop_count = test_random_chance(random, 0.3) ? 2 : 0;
    options.allow_empty_guard = true;
    options.drop_all = test_random_chance(random, 0.15);
    options.cluster =
        test_random_chance(random, 0.25) ? NDUP_CLUSTER_COMPONENTS : NDUP_CLUSTER_LEADER;
    options.pairs = test_random_chance(random, 0.5);
    options.spans = test_random_chance(random, 0.5);
    options.threads = (unsigned)test_random_below(random, 3) * 2 + 1;
    return options;
}

static made_corpus random_corpus(test_random *random, const ndup_dedup_options *options)
{
    size_t count = (size_t)test_random_below(random, 70);
    made_corpus corpus = made_corpus_mixed(random, count, options->matching.shingle_size);
    corpus.as_records = true;
    return corpus;
}

static void test_dedup__exact_equals_naive(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        test_random random;
        test_random_init(&random, seed);
        ndup_dedup_options options = random_options(&random);
        options.exact = true;
        made_corpus corpus = random_corpus(&random, &options);
        dedup_model model;
        dedup_model_init(&model, &corpus, &options);
        ndup_result *result = dedup_model_run(&corpus, &options);
        dedup_model_check_verdicts(&model, result);
        dedup_model_check_decisions(&model, result);
        ndup_result_free(result);
        dedup_model_deinit(&model);
        made_corpus_deinit(&corpus);
    }
}

/* Sums over many corpora, for what bands promise in the mean. */
typedef struct totals {
    size_t pairs, found;
    size_t kept, naive_kept;
} totals;

static void run_bands(totals *sums, uint64_t seed, const char *sketch)
{
    test_random random;
    test_random_init(&random, seed);
    ndup_dedup_options options = random_options(&random);
    options.sketch = sketch;
    options.pairs = true;
    options.drop_all = false;
    options.cluster = NDUP_CLUSTER_LEADER;
    made_corpus corpus = random_corpus(&random, &options);
    dedup_model model;
    dedup_model_init(&model, &corpus, &options);
    ndup_result *result = dedup_model_run(&corpus, &options);
    dedup_model_check_verdicts(&model, result);
    dedup_model_count_pairs(&model, result, &sums->pairs, &sums->found);
    sums->kept += ndup_result_summary(result)->kept;
    for (size_t i = 0; i < corpus.count; i++) {
        sums->naive_kept += model.kept[i];
    }
    ndup_result_free(result);
    dedup_model_deinit(&model);
    made_corpus_deinit(&corpus);
}

static void check_bands(const char *sketch)
{
    totals sums = {0};
    for (uint64_t seed = 1000; seed < 1400; seed++) {
        run_bands(&sums, seed, sketch);
    }
    double recall = (double)sums.found / (double)sums.pairs;
    double kept = (double)sums.kept / (double)sums.naive_kept;
    printf("%s: %zu of %zu pairs found (%.5f), %zu kept, naive %zu (%.5f)\n", sketch, sums.found,
           sums.pairs, recall, sums.kept, sums.naive_kept, kept);
    assert_true(sums.pairs > 2400);
    assert_double_in(recall, 0.99, 1);
    assert_double_in(kept, 0.997, 1.003);
}

static void test_dedup__bands_find_what_naive_finds(void **state)
{
    (void)state;
    check_bands(ndup_sketch_get(0)->name);
}

static void test_dedup__kmins_find_what_naive_finds(void **state)
{
    (void)state;
    check_bands("kmins");
}

/* Whatever the recall of the sketch, nothing is removed below the threshold. */
static void test_dedup__simhash_removes_nothing_below_the_threshold(void **state)
{
    (void)state;
    totals sums = {0};
    for (uint64_t seed = 2000; seed < 2100; seed++) {
        run_bands(&sums, seed, "simhash64");
    }
    assert_true(sums.found <= sums.pairs);
    printf("simhash64: %zu of %zu pairs found\n", sums.found, sums.pairs);
}

/* Pairs at the threshold itself, where recall is what was asked for and not more. */
static void check_recall_at(double threshold, size_t words, const char *sketch)
{
    enum { PAIRS = 1000 };
    test_random random;
    test_random_init(&random, words * 100 + (uint64_t)(threshold * 100));
    ndup_dedup_options options;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, "web", &error), &error);
    options.matching.threshold = threshold;
    options.templates = NDUP_TEMPLATES_DROP; /* recall is of all that is alike */
    options.sketch = sketch;
    made_corpus corpus = {0};
    size_t wanted = 0;
    while (wanted < PAIRS) {
        made_words a = made_words_random(&random, words, MADE_NUMBERS / 4, 0);
        made_words b = made_words_near(&random, &a, threshold, options.matching.shingle_size);
        if (made_words_similarity(&a, &b, options.matching.shingle_size) < threshold + 0.05) {
            made_corpus_add(&corpus, &random, &a);
            made_corpus_add(&corpus, &random, &b);
            wanted++;
        }
        made_words_free(&a);
        made_words_free(&b);
    }
    ndup_result *result = dedup_model_run(&corpus, &options);
    const ndup_summary *summary = ndup_result_summary(result);
    double found = (double)(summary->near + summary->templates) / PAIRS;
    printf("%s, threshold %.2f, %zu words: %.4f found, promised %.4f\n", sketch, threshold, words,
           found, summary->bands.recall);
    /* Four standard deviations of a binomial share with the promised recall. */
    assert_true(summary->bands.recall >= 0.99 && !summary->bands.recall_missed);
    assert_double_in(found, 0.99 - 4 * sqrt(0.99 * 0.01 / PAIRS), 1);
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

static void test_dedup__recall_at_the_threshold_is_as_asked(void **state)
{
    (void)state;
    static const double thresholds[] = {0.5, 0.6, 0.7, 0.8, 0.9};
    static const size_t words[] = {44, 54, 104};
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 3; j += test_step()) {
            check_recall_at(thresholds[i], words[j], ndup_sketch_get(0)->name);
        }
    }
    check_recall_at(0.8, 54, "kmins");
}

/* Forms: the same words around other numbers. */
static made_corpus make_forms(test_random *random, size_t count)
{
    made_corpus corpus = {0};
    made_words form = made_words_random(random, 60, MADE_NUMBERS / 4, 0.15);
    for (size_t i = 0; i < count; i++) {
        made_words filled = made_words_part(&form, 0, form.count);
        double changed = test_random_unit(random);
        for (size_t j = 0; j < filled.count; j++) {
            if (filled.items[j] >= MADE_NUMBERS && test_random_chance(random, changed)) {
                filled.items[j] = MADE_NUMBERS + (uint32_t)test_random_below(random, 1000);
            }
        }
        made_corpus_add(&corpus, random, &filled);
        made_words_free(&filled);
    }
    made_words_free(&form);
    return corpus;
}

static size_t count_kept(const made_corpus *corpus, const ndup_dedup_options *options)
{
    dedup_model model;
    dedup_model_init(&model, corpus, options);
    ndup_result *result = dedup_model_run(corpus, options);
    dedup_model_check_verdicts(&model, result);
    dedup_model_check_decisions(&model, result);
    size_t kept = ndup_result_summary(result)->kept;
    ndup_result_free(result);
    dedup_model_deinit(&model);
    return kept;
}

static void test_dedup__forms_with_other_numbers_stay(void **state)
{
    (void)state;
    for (uint64_t seed = 5000; seed < 5020; seed++) {
        test_random random;
        test_random_init(&random, seed);
        ndup_dedup_options options;
        ndup_error error;
        assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
        options.exact = true;
        options.pairs = true;
        options.matching.threshold = 0.2;
        options.matching.number_agreement = 0;
        options.templates = NDUP_TEMPLATES_DROP;
        made_corpus corpus = make_forms(&random, 60);
        size_t without = count_kept(&corpus, &options);
        options.matching.number_agreement = 0.6;
        options.templates = NDUP_TEMPLATES_KEEP;
        ndup_result *result = dedup_model_run(&corpus, &options);
        const ndup_summary *summary = ndup_result_summary(result);
        assert_true(summary->kept > without);
        assert_true(summary->templates >= summary->kept - without && summary->forms > 0);
        ndup_result_free(result);
        made_corpus_deinit(&corpus);
    }
}

static bool same_text(ndup_text a, ndup_text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

static bool same_verdict(const ndup_verdict *a, const ndup_verdict *b)
{
    return a->document == b->document && a->survivor == b->survivor && a->kept == b->kept &&
           a->grouped == b->grouped && a->kind == b->kind &&
           memcmp(&a->similarity, &b->similarity, sizeof a->similarity) == 0 &&
           memcmp(&a->containment, &b->containment, sizeof a->containment) == 0 &&
           memcmp(&a->survivor_containment, &b->survivor_containment,
                  sizeof a->survivor_containment) == 0 &&
           a->span_tokens == b->span_tokens && a->span_offset == b->span_offset &&
           a->span_bytes == b->span_bytes && a->text_hash == b->text_hash &&
           same_text(a->id, b->id) && same_text(a->survivor_id, b->survivor_id);
}

static void check_same_results(const ndup_result *a, const ndup_result *b)
{
    const ndup_pair *a_pairs;
    const ndup_pair *b_pairs;
    ndup_summary x = *ndup_result_summary(a);
    ndup_summary y = *ndup_result_summary(b);
    size_t pairs = ndup_result_pairs(a, &a_pairs);
    assert_u64_equal(ndup_result_pairs(b, &b_pairs), pairs);
    for (size_t i = 0; i < x.documents; i++) {
        ndup_verdict v;
        ndup_verdict w;
        ndup_result_verdict(a, i, &v);
        ndup_result_verdict(b, i, &w);
        assert_true(same_verdict(&v, &w));
    }
    for (size_t i = 0; i < pairs; i++) {
        assert_u64_equal(a_pairs[i].a, b_pairs[i].a);
        assert_u64_equal(a_pairs[i].b, b_pairs[i].b);
        assert_double_in(a_pairs[i].similarity, b_pairs[i].similarity, b_pairs[i].similarity);
    }
    assert_u64_equal(x.candidates, y.candidates);
    assert_u64_equal(x.verified, y.verified);
    assert_u64_equal(x.similar, y.similar);
    assert_u64_equal(x.largest_bucket, y.largest_bucket);
    assert_u64_equal(x.audit_pairs, y.audit_pairs);
    assert_u64_equal(x.audit_found, y.audit_found);
    assert_u64_equal(x.audit_missed, y.audit_missed);
    assert_memory_equal(x.similarity_histogram, y.similarity_histogram,
                        sizeof x.similarity_histogram);
}

static void test_dedup__threads_do_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 3000; seed < 3080; seed++) {
        test_random random;
        test_random_init(&random, seed);
        ndup_dedup_options options = random_options(&random);
        options.exact = test_random_chance(&random, 0.3);
        options.audit = options.exact ? 0 : 7;
        made_corpus corpus = random_corpus(&random, &options);
        ndup_result *results[3];
        static const unsigned threads[] = {1, 2, 5};
        for (size_t i = 0; i < 3; i++) {
            options.threads = threads[i];
            results[i] = dedup_model_run(&corpus, &options);
        }
        check_same_results(results[0], results[1]);
        check_same_results(results[0], results[2]);
        for (size_t i = 0; i < 3; i++) {
            ndup_result_free(results[i]);
        }
        made_corpus_deinit(&corpus);
    }
}

static size_t find_id(const ndup_result *result, ndup_text id)
{
    ndup_verdict verdict = {0};
    size_t number = 0;
    for (;; number++) {
        assert_true(number < ndup_result_summary(result)->documents);
        ndup_result_verdict(result, number, &verdict);
        if (same_text(verdict.id, id)) {
            return number;
        }
    }
}

/* The same decisions about the same ids. */
static void check_same_by_id(const ndup_result *a, const ndup_result *b)
{
    for (size_t i = 0; i < ndup_result_summary(a)->documents; i++) {
        ndup_verdict v;
        ndup_verdict w;
        ndup_result_verdict(a, i, &v);
        ndup_result_verdict(b, find_id(b, v.id), &w);
        assert_int_equal(v.kept, w.kept);
        assert_int_equal(v.kind, w.kind);
        assert_int_equal(v.grouped, w.grouped);
        assert_double_in(v.similarity, w.similarity, w.similarity);
        assert_u64_equal(v.text_hash, w.text_hash);
        assert_true(same_text(v.survivor_id, w.survivor_id));
    }
}

static void test_dedup__input_order_does_not_show(void **state)
{
    (void)state;
    for (uint64_t seed = 4000; seed < 4100; seed++) {
        test_random random;
        test_random_init(&random, seed);
        ndup_dedup_options options = random_options(&random);
        options.keep = free_chains[seed % (sizeof free_chains / sizeof *free_chains)];
        options.exact = seed % 3 == 0;
        made_corpus corpus = random_corpus(&random, &options);
        made_corpus shuffled = made_corpus_shuffled(&corpus, &random);
        ndup_result *a = dedup_model_run(&corpus, &options);
        ndup_result *b = dedup_model_run(&shuffled, &options);
        check_same_by_id(a, b);
        ndup_result_free(a);
        ndup_result_free(b);
        made_corpus_deinit(&shuffled);
        made_corpus_deinit(&corpus);
    }
}

TEST_MAIN(cmocka_unit_test(test_dedup__exact_equals_naive),
          cmocka_unit_test(test_dedup__bands_find_what_naive_finds),
          cmocka_unit_test(test_dedup__kmins_find_what_naive_finds),
          cmocka_unit_test(test_dedup__simhash_removes_nothing_below_the_threshold),
          cmocka_unit_test(test_dedup__recall_at_the_threshold_is_as_asked),
          cmocka_unit_test(test_dedup__forms_with_other_numbers_stay),
          cmocka_unit_test(test_dedup__threads_do_not_show),
          cmocka_unit_test(test_dedup__input_order_does_not_show))
