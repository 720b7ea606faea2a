/* SPDX-License-Identifier: MIT */
/* Odd sketches let every pair at the threshold pass, and few that differ more. */
#include "dedup/odd_sketches.h"

#include <string.h>

#include "base/hash.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { SET_MOST = 5000 };

/* Makes the sketch of `shared` shingles of one sequence and `own` of another. */
static ndup_status make(ndup__odd_sketches *sketches, uint32_t class_number, uint64_t sequence,
                        size_t shared, size_t own, const ndup_allocator *allocator,
                        ndup_error *error)
{
    static uint64_t shingles[2 * SET_MOST];
    ndup__shingle_index index = {.allocator = allocator};
    const ndup__odd_sketch *sketch;
    uint64_t states[2] = {sequence, ndup__mix64(sequence + class_number)};
    for (size_t i = 0; i < shared + own; i++) {
        shingles[i] = ndup__splitmix64(&states[i >= shared]);
    }
    /* Repeats change nothing. */
    memcpy(shingles + shared + own, shingles, (shared + own) / 2 * sizeof *shingles);
    size_t count = shared + own + (shared + own) / 2;
    ndup_status status = ndup__index_fill(&index, shingles, count, error);
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(index.distinct, shared + own);
        status = ndup__odd_sketches_make(&sketch, sketches, class_number, &index, error);
    }
    ndup__index_deinit(&index);
    return status;
}

/* How many of 400 pairs of sets of `size` with as many shared pass at the threshold. */
static unsigned count_passes(double threshold, size_t size, size_t shared)
{
    ndup__odd_sketches sketches;
    ndup_error error;
    unsigned passes = 0;
    assert_ok(ndup__odd_sketches_init(&sketches, 800, threshold, NULL, NULL, &error), &error);
    for (uint32_t i = 0; i < 800; i += 2) {
        uint64_t sequence = 1000 * size + i;
        assert_null(ndup__odd_sketches_find(&sketches, i));
        assert_ok(make(&sketches, i, sequence, shared, size - shared, NULL, &error), &error);
        assert_ok(make(&sketches, i + 1, sequence, shared, size - shared, NULL, &error), &error);
        passes += ndup__odd_sketches_may_match(&sketches, ndup__odd_sketches_find(&sketches, i),
                                               ndup__odd_sketches_find(&sketches, i + 1));
    }
    ndup__odd_sketches_deinit(&sketches);
    return passes;
}

static void test_odd_sketches__pairs_at_the_threshold_pass(void **state)
{
    (void)state;
    static const double thresholds[] = {0.3, 0.5, 0.6, 0.8, 0.9, 1};
    static const size_t sizes[] = {1, 2, 10, 96, 400, 1500, 2048, 2049, 5000};
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            double share = 2 * thresholds[i] / (1 + thresholds[i]);
            size_t shared = (size_t)(share * (double)sizes[k]);
            shared += (double)shared < share * (double)sizes[k] ? 1 : 0;
            assert_in_range(count_passes(thresholds[i], sizes[k], shared), 399, 400);
        }
    }
}

/* The template of the bench: 90 of 100 words are shared, in runs of five 86 of 96. */
static void test_odd_sketches__look_alikes_do_not(void **state)
{
    (void)state;
    assert_u64_equal(count_passes(0.9, 96, 86), 0);
    assert_in_range(count_passes(0.6, 645, 406), 0, 40);
    assert_u64_equal(count_passes(0.6, 400, 200), 0);
    assert_u64_equal(count_passes(0.6, 2049, 0), 400); /* too large to tell */
}

static void test_odd_sketches__failing_allocations_leave_nothing(void **state)
{
    (void)state;
    failing_allocator allocator;
    ndup_status status = NDUP_STATUS_MEMORY;
    failing_allocator_init(&allocator);
    for (size_t call = 1; status != NDUP_STATUS_OK; call++) {
        ndup__odd_sketches sketches;
        ndup_error error;
        failing_allocator_fail_at(&allocator, call);
        status = ndup__odd_sketches_init(&sketches, 3000, 0.5, &allocator.allocator, NULL, &error);
        for (uint32_t i = 0; i < 1500 && status == NDUP_STATUS_OK; i++) {
            status = make(&sketches, 2 * i, i + 7, 3, 3, &allocator.allocator, &error);
        }
        if (status != NDUP_STATUS_OK) {
            assert_status(status, NDUP_STATUS_MEMORY, &error);
        }
        ndup__odd_sketches_deinit(&sketches);
        assert_u64_equal(failing_allocator_live_blocks(&allocator), 0);
        call += call > 20 ? 500 : 0;
    }
}

TEST_MAIN(cmocka_unit_test(test_odd_sketches__pairs_at_the_threshold_pass),
          cmocka_unit_test(test_odd_sketches__look_alikes_do_not),
          cmocka_unit_test(test_odd_sketches__failing_allocations_leave_nothing))
