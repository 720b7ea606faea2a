/* SPDX-License-Identifier: MIT */
/* Profiles of runs: what is measured adds up, and nothing is measured unasked. */
#include "neardup/profile.h"

#include "base/clock.h"
#include "base/stopwatch.h"
#include "neardup/output.h"
#include "support/dedup_model.h"
#include "support/test.h"

enum { DOCUMENTS = 400 };

static void make_corpus(made_corpus *corpus)
{
    test_random random;
    test_random_init(&random, 5);
    *corpus = (made_corpus){0};
    for (size_t i = 0; i < DOCUMENTS; i++) {
        made_words words = made_words_random(&random, 200, 5000, 0);
        made_words near = made_words_near(&random, &words, 0.9, 5);
        made_corpus_add(corpus, &random, &words);
        made_corpus_add(corpus, &random, &near);
        made_words_free(&words);
        made_words_free(&near);
    }
}

static ndup_result *run(const made_corpus *corpus, unsigned threads, bool exact, bool profile)
{
    ndup_dedup_options options;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, "strict", &error), &error);
    options.threads = threads;
    options.exact = exact;
    options.profile = profile;
    return dedup_model_run(corpus, &options);
}

static double busy_in(const ndup_profile *profile, unsigned worker, ndup_stage stage)
{
    double sum = 0;
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        if (ndup_part_stage((ndup_part)part) == stage) {
            sum += profile->busy[worker * NDUP_PART_COUNT + part];
        }
    }
    return sum;
}

static double sum_of(const ndup_profile *profile, ndup_part part)
{
    double sum = 0;
    for (unsigned i = 0; i < profile->workers; i++) {
        sum += profile->busy[i * NDUP_PART_COUNT + part];
    }
    return sum;
}

static void test_profile__is_absent_unasked(void **state)
{
    (void)state;
    made_corpus corpus;
    make_corpus(&corpus);
    ndup_result *result = run(&corpus, 2, false, false);
    assert_null(ndup_result_profile(result));
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

/* No worker is busy for longer than its stage takes; a per mille covers the calibration. */
static bool is_within_wall(const ndup_profile *profile, unsigned threads)
{
    bool is_within = true;
    for (unsigned stage = 0; stage < NDUP_STAGE_COUNT; stage++) {
        for (unsigned i = 0; i < threads; i++) {
            double busy = busy_in(profile, i, (ndup_stage)stage);
            is_within &= busy >= 0 && busy <= 1.001 * profile->wall[stage] + 2e-5;
        }
    }
    return is_within;
}

/* A thread that has to wait between reading the clock and reading the counter spoils a calibration:
 * on a busy machine some runs are measured wrong, but not all of them. */
static void test_profile__busy_is_within_wall(void **state)
{
    (void)state;
    made_corpus corpus;
    make_corpus(&corpus);
    for (unsigned threads = 1; threads <= 3; threads++) {
        for (int exact = 0; exact <= 1; exact++) {
            bool is_within = false;
            for (int attempt = 0; attempt < 30 && !is_within; attempt++) {
                ndup_result *result = run(&corpus, threads, exact != 0, true);
                const ndup_profile *profile = ndup_result_profile(result);
                assert_non_null(profile);
                assert_int_equal(profile->workers, threads);
                is_within = is_within_wall(profile, threads);
                ndup_result_free(result);
            }
            assert_true(is_within);
        }
    }
    made_corpus_deinit(&corpus);
}

static void test_profile__sees_every_part(void **state)
{
    (void)state;
    made_corpus corpus;
    make_corpus(&corpus);
    ndup_result *result = run(&corpus, 2, false, true);
    const ndup_profile *profile = ndup_result_profile(result);
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        double busy = sum_of(profile, (ndup_part)part);
        if (part == NDUP_PART_WRITE) {
            assert_double_in(busy, 0, 0);
        } else {
            assert_double_in(busy, 1e-9, 60);
        }
    }
    ndup_result_free(result);
    made_corpus_deinit(&corpus);
}

static ndup_status drop_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    (void)context;
    (void)verdict;
    (void)document;
    (void)error;
    return NDUP_STATUS_OK;
}

static ndup_status commit_nothing(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void abort_nothing(void *context)
{
    (void)context;
}

/* The calling thread is a worker too: its time counts once. */
static void test_profile__writing_is_within_wall(void **state)
{
    (void)state;
    made_corpus made;
    make_corpus(&made);
    for (int wants_records = 0; wants_records <= 1; wants_records++) {
        ndup_sink sink = {.struct_size = sizeof sink,
                          .wants_records = wants_records != 0,
                          .document = drop_document,
                          .commit = commit_nothing,
                          .abort = abort_nothing};
        ndup_sink *sinks[] = {&sink};
        ndup_corpus *corpus = made_corpus_open(&made, NULL);
        ndup_dedup_options options;
        ndup_result *result = NULL;
        ndup_error error;
        assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
        options.threads = 1;
        options.profile = true;
        assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
        assert_ok(ndup_result_write(result, corpus, sinks, 1, NULL, &error), &error);
        const ndup_profile *profile = ndup_result_profile(result);
        double wall = profile->wall[NDUP_STAGE_WRITE];
        assert_double_in(busy_in(profile, 0, NDUP_STAGE_WRITE), 1e-9, 1.001 * wall + 2e-5);
        ndup_result_free(result);
        ndup_corpus_close(corpus);
    }
    made_corpus_deinit(&made);
}

static void test_profile__parts_have_names_and_stages(void **state)
{
    (void)state;
    for (unsigned a = 0; a < NDUP_PART_COUNT; a++) {
        assert_true(ndup_part_stage((ndup_part)a) < NDUP_STAGE_COUNT);
        assert_string_not_equal(ndup_part_name((ndup_part)a), "unknown");
        for (unsigned b = 0; b < a; b++) {
            assert_string_not_equal(ndup_part_name((ndup_part)a), ndup_part_name((ndup_part)b));
            assert_true(ndup_part_stage((ndup_part)b) <= ndup_part_stage((ndup_part)a));
        }
    }
    assert_string_equal(ndup_part_name((ndup_part)NDUP_PART_COUNT), "unknown");
}

static void test_stopwatch__counts_only_when_it_runs(void **state)
{
    (void)state;
    ndup__stopwatch watch = {0};
    ndup__stopwatch_start(&watch);
    ndup__stopwatch_lap(&watch, 3);
    assert_u64_equal(watch.ticks[3], 0);
    assert_u64_equal(watch.last, 0);
}

/* Laps between two readings of the monotonic clock take as long as these say. */
static void test_stopwatch__agrees_with_the_clock(void **state)
{
    (void)state;
    ndup__stopwatch watch = {.runs = true};
    ndup__tick_scale scale = ndup__tick_scale_begin();
    ndup__stopwatch_start(&watch);
    double begin = ndup__clock_seconds();
    for (unsigned lap = 0; ndup__clock_seconds() - begin < 0.01; lap++) {
        ndup__stopwatch_lap(&watch, lap % 2);
    }
    ndup__stopwatch_lap(&watch, 1);
    double seconds = ndup__clock_seconds() - begin;
    double laps = (double)(watch.ticks[0] + watch.ticks[1]) * ndup__tick_seconds(&scale);
    assert_true(watch.ticks[0] > 0 && watch.ticks[1] > 0);
    assert_double_in(laps, 0.009, 1.01 * seconds + 1e-3);
}

TEST_MAIN(cmocka_unit_test(test_profile__is_absent_unasked),
          cmocka_unit_test(test_profile__busy_is_within_wall),
          cmocka_unit_test(test_profile__sees_every_part),
          cmocka_unit_test(test_profile__writing_is_within_wall),
          cmocka_unit_test(test_profile__parts_have_names_and_stages),
          cmocka_unit_test(test_stopwatch__counts_only_when_it_runs),
          cmocka_unit_test(test_stopwatch__agrees_with_the_clock))
