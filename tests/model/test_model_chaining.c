/* SPDX-License-Identifier: MIT */
/* Chains, templates and giant buckets: nothing collapses, nothing blows up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "neardup/dedup.h"
#include "support/dedup_model.h"
#include "support/test.h"

static ndup_dedup_options options_at(double threshold)
{
    ndup_dedup_options options;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, "web", &error), &error);
    options.matching.threshold = threshold;
    options.templates = NDUP_TEMPLATES_DROP; /* words are drawn, and no content is meant */
    options.threads = 2;
    return options;
}

static void test_chaining__links_are_as_stated(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    ndup_dedup_options options = options_at(0.8);
    made_corpus chain = made_corpus_chain(&random, 100);
    dedup_model model;
    dedup_model_init(&model, &chain, &options);
    for (size_t i = 0; i + 2 < chain.count; i++) {
        assert_double_in(naive_compare(&model.naive, i, i + 1).similarity, 0.85, 0.8519);
        assert_double_in(naive_compare(&model.naive, i, i + 2).similarity, 0.72, 0.7242);
    }
    dedup_model_deinit(&model);
    made_corpus_deinit(&chain);
}

/* A chain whose links are edits at random places instead of a window that moves on. */
static made_corpus make_edited_chain(test_random *random, size_t count)
{
    made_corpus corpus = {0};
    made_words last = made_words_random(random, 104, MADE_NUMBERS / 4, 0);
    for (size_t i = 0; i < count; i++) {
        made_words next = made_words_near(random, &last, 0.85, 5);
        made_corpus_add(&corpus, random, &last);
        made_words_free(&last);
        last = next;
    }
    made_words_free(&last);
    return corpus;
}

/* Runs by the exact join and by bands; the first must equal the naive rule, the second must hold
 * what it states and keep nearly as many. */
static void check_chain(const made_corpus *chain, double threshold, const char *keep)
{
    ndup_dedup_options options = options_at(threshold);
    dedup_model model;
    options.keep = keep;
    options.exact = true;
    options.pairs = true;
    dedup_model_init(&model, chain, &options);
    ndup_result *result = dedup_model_run(chain, &options);
    dedup_model_check_verdicts(&model, result);
    dedup_model_check_decisions(&model, result);
    size_t kept = ndup_result_summary(result)->kept;
    ndup_result_free(result);
    options.exact = false;
    result = dedup_model_run(chain, &options);
    dedup_model_check_verdicts(&model, result);
    printf("chain of %zu at %.2f: %zu kept by the rule, %zu by bands\n", chain->count, threshold,
           kept, (size_t)ndup_result_summary(result)->kept);
    assert_double_in((double)ndup_result_summary(result)->kept / (double)kept, 0.99, 1.01);
    ndup_result_free(result);
    dedup_model_deinit(&model);
}

static void test_chaining__a_chain_keeps_what_the_leader_rule_says(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    made_corpus chain = made_corpus_chain(&random, 1000);
    chain.as_records = true;
    check_chain(&chain, 0.8, "first");
    check_chain(&chain, 0.6, "last");
    made_corpus shuffled = made_corpus_shuffled(&chain, &random);
    check_chain(&shuffled, 0.8, "first");
    check_chain(&shuffled, 0.6, "newest");
    made_corpus edited = make_edited_chain(&random, 1000);
    edited.as_records = true;
    check_chain(&edited, 0.8, "first");
    check_chain(&edited, 0.7, "field:score:desc");
    made_corpus_deinit(&edited);
    made_corpus_deinit(&shuffled);
    made_corpus_deinit(&chain);
}

static void test_chaining__components_make_one_group_of_a_chain(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    made_corpus chain = made_corpus_chain(&random, 1000);
    for (int exact = 0; exact < 2; exact++) {
        ndup_dedup_options options = options_at(exact ? 0.85 : 0.6);
        dedup_model model;
        options.cluster = NDUP_CLUSTER_COMPONENTS;
        options.exact = exact;
        dedup_model_init(&model, &chain, &options);
        ndup_result *result = dedup_model_run(&chain, &options);
        dedup_model_check_verdicts(&model, result);
        assert_u64_equal(ndup_result_summary(result)->groups, 1);
        assert_u64_equal(ndup_result_summary(result)->largest_group, 1000);
        assert_u64_equal(ndup_result_summary(result)->kept, 1);
        ndup_result_free(result);
        dedup_model_deinit(&model);
    }
    made_corpus_deinit(&chain);
}

/* Of two documents of a corpus. */
static naive_comparison compare_two(const made_corpus *corpus, uint64_t a, uint64_t b,
                                    const ndup_matching *matching)
{
    const char *texts[] = {corpus->items[a].text, corpus->items[b].text};
    size_t lengths[] = {corpus->items[a].length, corpus->items[b].length};
    naive_corpus naive;
    naive_corpus_init(&naive, texts, lengths, 2, matching);
    naive_comparison comparison = naive_compare(&naive, 0, 1);
    naive_corpus_deinit(&naive);
    return comparison;
}

/* Every removal rests on a kept document above the threshold. */
static void check_removals(const made_corpus *corpus, const ndup_result *result)
{
    const ndup_matching *matching = &ndup_result_options(result)->matching;
    for (size_t i = 0; i < corpus->count; i++) {
        ndup_verdict verdict;
        ndup_verdict survivor;
        ndup_result_verdict(result, i, &verdict);
        ndup_result_verdict(result, verdict.survivor, &survivor);
        assert_true(survivor.kept);
        if (!verdict.kept && i % 8 == 0) {
            naive_comparison pair = compare_two(corpus, i, verdict.survivor, matching);
            assert_true(pair.same_tokens || pair.similarity >= matching->threshold);
            assert_double_in(verdict.similarity, pair.similarity, pair.similarity);
        }
    }
}

/* Documents over one template with a near-copy behind every twentieth. */
static made_corpus make_template(test_random *random, size_t count, size_t words, double share,
                                 size_t *copies)
{
    made_corpus corpus = {0};
    made_words head =
        made_words_random(random, (size_t)((double)words * share), MADE_NUMBERS / 4, 0);
    *copies = 0;
    for (size_t i = 0; i < count; i++) {
        made_words tail = made_words_random(random, words - head.count, MADE_NUMBERS / 4, 0);
        made_words both = made_words_joined(&head, &tail);
        made_corpus_add(&corpus, random, &both);
        if (i % 20 == 0) {
            made_words copy = made_words_edited(random, &both, 1);
            made_corpus_add(&corpus, random, &copy);
            made_words_free(&copy);
            ++*copies;
        }
        made_words_free(&both);
        made_words_free(&tail);
    }
    made_words_free(&head);
    return corpus;
}

static void check_template(size_t words, double share, double threshold)
{
    enum { DOCUMENTS = 50000 };
    test_random random;
    test_random_init(&random, words);
    size_t copies;
    made_corpus corpus = make_template(&random, DOCUMENTS, words, share, &copies);
    ndup_dedup_options options = options_at(threshold);
    ndup_result *result = dedup_model_run(&corpus, &options);
    const ndup_summary *summary = ndup_result_summary(result);
    printf("%d documents of %zu words, %.0f %% template, at %.2f: %zu kept; %zu of %zu copies "
           "found; largest bucket %zu, split %zu, verified %zu\n",
           (int)DOCUMENTS, words, 100 * share, threshold, (size_t)summary->kept,
           (size_t)summary->dropped, copies, (size_t)summary->largest_bucket,
           (size_t)summary->split_buckets, (size_t)summary->verified);
    assert_u64_equal(summary->documents, DOCUMENTS + copies);
    assert_true(summary->kept >= DOCUMENTS);
    assert_true(summary->largest_group <= 2);
    assert_true((double)summary->dropped >= 0.99 * (double)copies);
    check_removals(&corpus, result);
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

static void test_chaining__a_template_does_not_collapse(void **state)
{
    (void)state;
    check_template(60, 0.6, 0.6);
    check_template(40, 0.6, 0.7);
}

/* Processor time of a run on one thread, which other work on the machine hardly changes. */
static double time_run(const made_corpus *corpus, ndup_dedup_options *options,
                       ndup_summary *summary)
{
    options->threads = 1;
    clock_t start = clock();
    ndup_result *result = dedup_model_run(corpus, options);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    *summary = *ndup_result_summary(result);
    ndup_result_free(result);
    return seconds;
}

/* Documents that share a template against as many that share nothing, of the same length. */
static void check_bucket(size_t words, double share, double threshold)
{
    enum { DOCUMENTS = 100000 };
    test_random random;
    test_random_init(&random, 7);
    ndup_dedup_options options = options_at(threshold);
    ndup_summary summary;
    made_corpus ordinary = made_corpus_template(&random, DOCUMENTS, words, 0);
    double usual = time_run(&ordinary, &options, &summary);
    assert_u64_equal(summary.kept, DOCUMENTS);
    assert_u64_equal(summary.split_buckets, 0);
    made_corpus_deinit(&ordinary);
    made_corpus giant = made_corpus_template(&random, DOCUMENTS, words, share);
    double seconds = time_run(&giant, &options, &summary);
    printf("%d documents of %zu words, %.0f %% template, at %.2f: %.2f s, ordinary %.2f s, ratio "
           "%.2f; largest bucket %zu, split %zu, candidates %zu, verified %zu\n",
           (int)DOCUMENTS, words, 100 * share, threshold, seconds, usual, seconds / usual,
           (size_t)summary.largest_bucket, (size_t)summary.split_buckets,
           (size_t)summary.candidates, (size_t)summary.verified);
    assert_u64_equal(summary.kept, DOCUMENTS);
    assert_true(summary.largest_bucket > 1000);
    assert_true(summary.split_buckets > 0);
    assert_true(seconds < 6 * usual);
    made_corpus_deinit(&giant);
}

static void test_chaining__giant_buckets_cost_little_and_are_reported(void **state)
{
    (void)state;
    check_bucket(60, 0.6, 0.6);
    check_bucket(60, 0.9, 0.9);
}

/* Near-copies of one document: one bucket, one leader. */
static void test_chaining__a_hundred_thousand_copies_make_one_group(void **state)
{
    (void)state;
    enum { DOCUMENTS = 100000 };
    test_random random;
    test_random_init(&random, 8);
    made_words words = made_words_random(&random, 60, MADE_NUMBERS / 4, 0);
    made_corpus corpus = {0};
    made_corpus_add(&corpus, &random, &words);
    while (corpus.count < DOCUMENTS) {
        made_words copy = made_words_edited(&random, &words, 1);
        made_corpus_add(&corpus, &random, &copy);
        made_words_free(&copy);
    }
    made_words_free(&words);
    ndup_dedup_options options = options_at(0.6);
    ndup_result *result = dedup_model_run(&corpus, &options);
    const ndup_summary *summary = ndup_result_summary(result);
    printf("%d copies: %zu kept, largest bucket %zu\n", (int)DOCUMENTS, (size_t)summary->kept,
           (size_t)summary->largest_bucket);
    assert_double_in((double)summary->kept, 1, 1 + 0.003 * DOCUMENTS);
    assert_true(summary->largest_bucket > DOCUMENTS / 2);
    check_removals(&corpus, result);
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

TEST_MAIN(cmocka_unit_test(test_chaining__links_are_as_stated),
          cmocka_unit_test(test_chaining__a_chain_keeps_what_the_leader_rule_says),
          cmocka_unit_test(test_chaining__components_make_one_group_of_a_chain),
          cmocka_unit_test(test_chaining__a_template_does_not_collapse),
          cmocka_unit_test(test_chaining__giant_buckets_cost_little_and_are_reported),
          cmocka_unit_test(test_chaining__a_hundred_thousand_copies_make_one_group))
