/* SPDX-License-Identifier: MIT */
/* What asking for containment costs, as comparisons that are counted, where many texts share
 * something. */
#include <stdio.h>

#include "dedup/containers.h"
#include "dedup/verify.h"
#include "neardup/dedup.h"
#include "support/dedup_model.h"
#include "support/test.h"

enum { MANY = 10000, FOOTER_TEXTS = 100000, PLANTED = 200 };

/* Comparisons that a document may cost in vain, and the one that is not. */
#define VERIFIED_MOST (NDUP__VAIN_MOST / NDUP__VAIN_UNLIKE + 1)

/* Runs and checks that work is linear; the corpus is freed. */
static ndup_summary run(const char *name, made_corpus *corpus)
{
    ndup_dedup_options options;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.rule = NDUP_RULE_CONTAINED;
    options.threads = 2;
    ndup_result *result = dedup_model_run(corpus, &options);
    ndup_summary summary = *ndup_result_summary(result);
    printf("%s: %zu documents, %zu contained, %zu candidates, %zu verified, %zu capped\n", name,
           (size_t)summary.documents, (size_t)summary.contained, (size_t)summary.candidates,
           (size_t)summary.verified, (size_t)summary.capped);
    ndup_result_free(result);
    made_corpus_deinit(corpus);
    return summary;
}

static made_words fresh_words(test_random *random, size_t count)
{
    return made_words_random(random, count, MADE_NUMBERS / 4, 0);
}

static void append(made_words *words, const made_words *more)
{
    made_words joined = made_words_joined(words, more);
    made_words_free(words);
    *words = joined;
}

static void add(made_corpus *corpus, test_random *random, const made_words *a, const made_words *b)
{
    made_words joined = made_words_joined(a, b);
    made_corpus_add(corpus, random, &joined);
    made_words_free(&joined);
}

/* One text quotes all others whole: each has one candidate. */
static void test_work__of_one_that_quotes_many_is_linear(void **state)
{
    (void)state;
    enum { AT_ONCE = 100 };
    test_random random;
    made_corpus corpus = {0};
    made_words all = {0};
    test_random_init(&random, 1);
    for (size_t i = 0; i < MANY / AT_ONCE; i++) {
        made_words some = fresh_words(&random, 0);
        for (size_t k = 0; k < AT_ONCE; k++) {
            made_words words = fresh_words(&random, 40);
            made_corpus_add(&corpus, &random, &words);
            append(&some, &words);
            made_words_free(&words);
        }
        append(&all, &some);
        made_words_free(&some);
    }
    made_corpus_add(&corpus, &random, &all);
    made_words_free(&all);
    ndup_summary summary = run("quotes many", &corpus);
    assert_u64_equal(summary.contained, MANY);
    assert_u64_equal(summary.verified, MANY);
    assert_u64_equal(summary.candidates, MANY);
}

static ndup_summary run_quoted(size_t count)
{
    test_random random;
    made_corpus corpus = {0};
    test_random_init(&random, 2);
    made_words quoted = fresh_words(&random, 60);
    made_corpus_add(&corpus, &random, &quoted);
    while (corpus.count <= count) {
        made_words own = fresh_words(&random, 60);
        add(&corpus, &random, &own, &quoted);
        made_words_free(&own);
    }
    made_words_free(&quoted);
    return run("quoted by many", &corpus);
}

/* One text is quoted by all others: it goes for one of them, and they stay. */
static void test_work__of_one_that_many_quote_is_linear(void **state)
{
    (void)state;
    ndup_summary one = run_quoted(MANY);
    ndup_summary two = run_quoted(2 * MANY);
    assert_u64_equal(one.contained, 1);
    assert_u64_equal(two.contained, 1);
    assert_true(one.verified <= (uint64_t)VERIFIED_MOST * MANY);
    assert_true(one.candidates <= (uint64_t)2 * NDUP__CONTAINERS_MOST * MANY);
    assert_true(two.verified <= 2 * one.verified + MANY / 10);
    assert_true(two.candidates <= (uint64_t)4 * NDUP__CONTAINERS_MOST * MANY);
}

/* All texts end in one footer, and parts of some of them, with the footer, are among them. */
static void test_work__of_a_footer_is_linear(void **state)
{
    (void)state;
    test_random random;
    made_corpus corpus = {0};
    test_random_init(&random, 3);
    made_words footer = fresh_words(&random, 24);
    while (corpus.count < FOOTER_TEXTS) {
        made_words own = fresh_words(&random, 80);
        if (corpus.count % (FOOTER_TEXTS / PLANTED) == 0) {
            made_words part = made_words_part(&own, 10, 40);
            add(&corpus, &random, &part, &footer);
            made_words_free(&part);
        }
        add(&corpus, &random, &own, &footer);
        made_words_free(&own);
    }
    made_words_free(&footer);
    ndup_summary summary = run("footer", &corpus);
    assert_u64_equal(summary.contained, PLANTED);
    assert_true(summary.verified <= (uint64_t)VERIFIED_MOST * FOOTER_TEXTS);
}

TEST_MAIN(cmocka_unit_test(test_work__of_one_that_quotes_many_is_linear),
          cmocka_unit_test(test_work__of_one_that_many_quote_is_linear),
          cmocka_unit_test(test_work__of_a_footer_is_linear))
