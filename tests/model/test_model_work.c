/* SPDX-License-Identifier: MIT */
/* What a hostile corpus costs, as work that is counted, against an ordinary corpus of as many
 * documents with as many words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/word_hash.h"
#include "neardup/dedup.h"
#include "neardup/lsh.h"
#include "neardup/sketch.h"
#include "support/dedup_model.h"
#include "support/test.h"
#include "text/tokenize.h"

enum { DOCUMENTS = 20000, WORDS = 100, POISONED = 3000, SLOTS_MOST = 256 };

/* Bytes read: all texts once, to be sketched; those in crowds once more, for odd sketches; both
 * texts of a pair that is verified; and the row of the sketch of a candidate. */
static double work_of(made_corpus *corpus, double threshold)
{
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.matching.threshold = threshold;
    options.threads = 2;
    ndup_result *result = dedup_model_run(corpus, &options);
    const ndup_summary *summary = ndup_result_summary(result);
    double text = (double)summary->text_bytes / (double)summary->documents;
    double bytes = (double)summary->text_bytes + text * (double)summary->crowded +
                   2 * text * (double)summary->verified +
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

/* Of two texts 0.81 is shared, and 0.9 is asked for. */
static void test_work__of_a_template_near_the_threshold_is_bounded(void **state)
{
    (void)state;
    assert_true(template_ratio(0.9, 0.9) <= 2.2);
}

static ndup__tokens tokens_of(test_random *random, const made_words *words)
{
    made_corpus corpus = {0};
    ndup__tokens tokens = {.seed = 0};
    ndup_error error;
    const made_document *document = made_corpus_add(&corpus, random, words);
    assert_ok(ndup__tokenize(&tokens, NDUP__TOKEN_WORDS, document->text, document->length, &error),
              &error);
    assert_u64_equal(tokens.count, words->count);
    made_corpus_deinit(&corpus);
    return tokens;
}

/* Words that nobody else has, each a run of five, chosen so that their hashes are the least of the
 * sketch in every slot: whoever has them all has that sketch, whatever else stands in the text. */
static made_words find_poison(test_random *random, const ndup_sketcher *sketcher)
{
    enum { RUNS = 100000, RUN = 5 };
    unsigned slots = ndup_sketcher_slots(sketcher);
    uint32_t least[SLOTS_MOST];
    uint32_t owner[SLOTS_MOST];
    uint32_t state[SLOTS_MOST];
    made_words words = made_words_random(random, (size_t)RUNS * RUN, MADE_NUMBERS / 4, 0);
    ndup__tokens tokens = tokens_of(random, &words);
    made_words chosen = {.items = malloc((size_t)slots * RUN * sizeof *chosen.items)};
    assert_non_null(chosen.items);
    assert_in_range(slots, 1, SLOTS_MOST);
    memset(least, 0xFF, sizeof least);
    for (uint32_t i = 0; i < RUNS; i++) {
        uint64_t hash = ndup__shingle_hash(tokens.hashes + (size_t)i * RUN, RUN);
        ndup_sketch_make(sketcher, state, &hash, 1);
        for (unsigned slot = 0; slot < slots; slot++) {
            if (state[slot] < least[slot]) {
                least[slot] = state[slot];
                owner[slot] = i;
            }
        }
    }
    for (unsigned slot = 0; slot < slots; slot++) {
        memcpy(chosen.items + chosen.count, words.items + (size_t)owner[slot] * RUN,
               RUN * sizeof *chosen.items);
        chosen.count += RUN;
    }
    ndup__tokens_deinit(&tokens);
    made_words_free(&words);
    return chosen;
}

/* Texts of unlike words with the poison in front; without it as long. */
static made_corpus make_poisoned(test_random *random, const made_words *poison, bool is_poisoned)
{
    made_corpus corpus = {0};
    while (corpus.count < POISONED) {
        size_t own = poison->count * 5 / 4;
        made_words words =
            made_words_random(random, own + (is_poisoned ? 0 : poison->count), MADE_NUMBERS / 4, 0);
        made_words joined = is_poisoned ? made_words_joined(poison, &words)
                                        : made_words_part(&words, 0, words.count);
        made_corpus_add(&corpus, random, &joined);
        made_words_free(&words);
        made_words_free(&joined);
    }
    return corpus;
}

static void test_work__of_equal_sketches_of_unlike_texts_is_bounded(void **state)
{
    (void)state;
    test_random random;
    ndup_dedup_options options;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    ndup_error error;
    test_random_init(&random, 6);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_bands_choose(&bands, ndup_sketch_get(0), 0.6, options.recall, 0, &error),
              &error);
    assert_ok(ndup_sketcher_new(&sketcher, NULL, bands.slots, options.seed, NULL, &error), &error);
    made_words poison = find_poison(&random, sketcher);
    made_corpus poisoned = make_poisoned(&random, &poison, true);
    made_corpus ordinary = make_poisoned(&random, &poison, false);
    double ratio = work_of(&poisoned, 0.6) / work_of(&ordinary, 0.6);
    printf("equal sketches: %.2f times the work of an ordinary corpus\n", ratio);
    /* Each is read once more, for its odd sketch, and looked at beside 64. */
    assert_true(ratio >= 1.5 && ratio <= 4);
    made_words_free(&poison);
    ndup_sketcher_free(sketcher);
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
          cmocka_unit_test(test_work__of_equal_sketches_of_unlike_texts_is_bounded),
          cmocka_unit_test(test_work__of_few_words_is_bounded),
          cmocka_unit_test(test_work__of_long_runs_is_bounded),
          cmocka_unit_test(test_work__of_a_chain_is_bounded))
