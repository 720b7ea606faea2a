/* SPDX-License-Identifier: MIT */
/* What a hostile corpus costs, as work that is counted, against an ordinary corpus of as many
 * documents with as many words. */
#include <stdio.h>
#include <string.h>

#include "neardup/dedup.h"
#include "support/dedup_model.h"
#include "support/test.h"

enum { DOCUMENTS = 20000, WORDS = 100 };

/* Bytes read: all texts once, to be sketched; both texts of a pair that is verified; and the row of
 * the sketch of a candidate. */
static double work_of(made_corpus *corpus, double threshold)
{
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.matching.threshold = threshold;
    options.threads = 2;
    ndup_result *result = dedup_model_run(corpus, &options);
    const ndup_summary *summary = ndup_result_summary(result);
    double text = (double)summary->text_bytes / (double)summary->documents;
    double bytes = (double)summary->text_bytes + 2 * text * (double)summary->verified +
                   (double)ndup_result_options(result)->slots * (double)summary->candidates;
    printf("threshold %.2f: %zu documents, %zu kept, %zu candidates, %zu verified, largest bucket "
           "%zu: %.1f MB\n",
           threshold, (size_t)summary->documents, (size_t)summary->kept,
           (size_t)summary->candidates, (size_t)summary->verified, (size_t)summary->largest_bucket,
           bytes / 1e6);
    ndup_result_free(result);
    made_corpus_deinit(corpus);
    return bytes;
}

/* Unrelated texts, of every fifth of which there is a near-copy. */
static made_corpus make_ordinary(test_random *random)
{
    made_corpus corpus = {0};
    while (corpus.count < DOCUMENTS) {
        made_words words = made_words_random(random, WORDS, MADE_NUMBERS / 4, 0);
        made_corpus_add(&corpus, random, &words);
        if (corpus.count % 5 == 0) {
            made_words near = made_words_edited(random, &words, 2);
            made_corpus_add(&corpus, random, &near);
            made_words_free(&near);
        }
        made_words_free(&words);
    }
    return corpus;
}

/* Words of a vocabulary so small that most shingles stand in most texts. */
static made_corpus make_few_words(test_random *random)
{
    made_corpus corpus = {0};
    while (corpus.count < DOCUMENTS) {
        made_words words = made_words_random(random, WORDS, 3, 0);
        made_corpus_add(&corpus, random, &words);
        made_words_free(&words);
    }
    return corpus;
}

/* A few words over and over, more or less often: equal sets, so equal sketches, of other texts. */
static made_corpus make_runs(test_random *random)
{
    made_corpus corpus = {0};
    while (corpus.count < DOCUMENTS) {
        made_words words = made_words_random(random, WORDS + corpus.count % 50, 1, 0);
        for (size_t i = 0; i < words.count; i++) {
            words.items[i] = (uint32_t)(i % (5 + corpus.count % 11));
        }
        made_corpus_add(&corpus, random, &words);
        made_words_free(&words);
    }
    return corpus;
}

static double ratio_of(const char *name, made_corpus corpus, double threshold)
{
    test_random random;
    test_random_init(&random, 1);
    made_corpus ordinary = make_ordinary(&random);
    double ratio = work_of(&corpus, threshold) / work_of(&ordinary, threshold);
    printf("%s: %.2f times the work of an ordinary corpus\n", name, ratio);
    return ratio;
}

static double template_ratio(double share, double threshold)
{
    test_random random;
    test_random_init(&random, 2);
    return ratio_of("template", made_corpus_template(&random, DOCUMENTS, WORDS, share), threshold);
}

static void test_work__of_a_template_is_that_of_an_ordinary_corpus(void **state)
{
    (void)state;
    assert_true(template_ratio(0.7, 0.8) <= 1.5);
    assert_true(template_ratio(0.7, 0.9) <= 1.5);
}

/* Of two texts 0.81 is shared, and 0.9 is asked for. KNOWN to be too much: when this fails, drop
 * the word and turn the assertion round. */
static void test_work__of_a_template_near_the_threshold_is_bounded(void **state)
{
    (void)state;
    assert_true(template_ratio(0.9, 0.9) > 3);
}

static void test_work__of_few_words_is_bounded(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    assert_true(ratio_of("few words", make_few_words(&random), 0.8) <= 3);
}

static void test_work__of_long_runs_is_bounded(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 4);
    assert_true(ratio_of("runs", make_runs(&random), 0.8) <= 3);
}

static void test_work__of_a_chain_is_bounded(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 5);
    assert_true(ratio_of("chain", made_corpus_chain(&random, DOCUMENTS), 0.9) <= 3);
}

TEST_MAIN(cmocka_unit_test(test_work__of_a_template_is_that_of_an_ordinary_corpus),
          cmocka_unit_test(test_work__of_a_template_near_the_threshold_is_bounded),
          cmocka_unit_test(test_work__of_few_words_is_bounded),
          cmocka_unit_test(test_work__of_long_runs_is_bounded),
          cmocka_unit_test(test_work__of_a_chain_is_bounded))
