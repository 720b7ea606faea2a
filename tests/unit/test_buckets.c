/* SPDX-License-Identifier: MIT */
/* Buckets and kept rows against comparing every row with every other, band by band. */
#include "lsh/buckets.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lsh/leaders.h"
#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { ROWS_MOST = 1000, SLOTS = 16 };

/* Rows of few different values, so that many share bands. */
typedef struct row_set {
    uint8_t cells[ROWS_MOST * SLOTS];
    uint32_t tokens[ROWS_MOST];
    ndup__rows rows;
    ndup_bands bands;
    ndup_sketcher *sketcher;
} row_set;

static row_set set;
static ndup__stopwatch watches[8]; /* of the workers; they do not run */

static void set_init(test_random *random, size_t count, unsigned bands, unsigned rows,
                     uint64_t values)
{
    ndup_error error;
    assert_ok(ndup_sketcher_new(&set.sketcher, "kmins", SLOTS, 1, NULL, &error), &error);
    assert_u64_equal(ndup__row_bytes(set.sketcher), SLOTS);
    for (size_t i = 0; i < count * SLOTS; i++) {
        set.cells[i] = (uint8_t)test_random_below(random, values);
    }
    for (size_t i = 0; i < count; i++) {
        set.tokens[i] = (uint32_t)test_random_below(random, 8);
    }
    set.rows = (ndup__rows){set.sketcher, set.cells, count, set.tokens};
    set.bands = (ndup_bands){.bands = bands, .rows = rows, .slots = SLOTS};
}

static bool share_band(size_t a, size_t b, unsigned band)
{
    unsigned first = band * set.bands.rows;
    return set.tokens[a] > 0 && set.tokens[b] > 0 &&
           memcmp(set.cells + a * SLOTS + first, set.cells + b * SLOTS + first,
                  set.bands.rows * sizeof *set.cells) == 0;
}

static unsigned count_shared_bands(size_t a, size_t b)
{
    unsigned shared = 0;
    for (unsigned band = 0; band < set.bands.bands; band++) {
        shared += share_band(a, b, band);
    }
    return shared;
}

static void build(ndup__buckets *buckets, unsigned workers)
{
    ndup__pool *pool;
    ndup_error error;
    assert_ok(ndup__pool_new(&pool, workers, NULL, &error), &error);
    assert_ok(ndup__buckets_build(buckets, &set.rows, &set.bands, UINT64_MAX, pool, NULL, NULL,
                                  watches, NULL, &error),
              &error);
    ndup__pool_free(pool);
}

static size_t common_buckets(const ndup__buckets *buckets, size_t a, size_t b)
{
    size_t common = 0;
    for (uint64_t i = buckets->starts[a]; i < buckets->starts[a + 1]; i++) {
        for (uint64_t j = buckets->starts[b]; j < buckets->starts[b + 1]; j++) {
            common += buckets->buckets[i] == buckets->buckets[j];
        }
    }
    return common;
}

/* Rows meet in as many buckets as they share bands; every bucket is of one band and has two rows or
 * more; a row's buckets ascend. */
static void check_buckets(const ndup__buckets *buckets)
{
    size_t *members = calloc(buckets->bucket_count + 1, sizeof *members);
    assert_non_null(members);
    assert_u64_equal(buckets->row_count, set.rows.count);
    for (size_t i = 0; i < set.rows.count; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_u64_equal(common_buckets(buckets, i, j), count_shared_bands(i, j));
        }
        for (uint64_t at = buckets->starts[i]; at < buckets->starts[i + 1]; at++) {
            uint32_t bucket = buckets->buckets[at];
            assert_in_range(bucket, 0, buckets->bucket_count - 1);
            assert_true(at == buckets->starts[i] || buckets->buckets[at - 1] < bucket);
            members[bucket]++;
        }
    }
    size_t largest = 0;
    for (size_t i = 0; i < buckets->bucket_count; i++) {
        assert_true(members[i] >= 2);
        assert_true(i == 0 || buckets->bands[i - 1] <= buckets->bands[i]);
        largest = members[i] > largest ? members[i] : largest;
    }
    assert_u64_equal(buckets->starts[buckets->row_count], buckets->membership_count);
    assert_true(buckets->bucket_count == 0 || buckets->largest == largest);
    free(members);
}

static void test_buckets__equal_naive_grouping(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    for (unsigned round = 0; round < 60; round++) {
        static const unsigned cuts[][2] = {{16, 1}, {8, 2}, {5, 3}, {4, 4}, {1, 16}, {3, 4}};
        ndup__buckets buckets;
        size_t count = (size_t)test_random_below(&random, round < 10 ? 4 : 150);
        set_init(&random, count, cuts[round % 6][0], cuts[round % 6][1],
                 1 + test_random_below(&random, 12));
        build(&buckets, 1 + round % 3);
        check_buckets(&buckets);
        ndup__buckets_deinit(&buckets);
        ndup_sketcher_free(set.sketcher);
    }
}

static void test_buckets__are_the_same_for_any_workers(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    for (unsigned round = 0; round < 20; round++) {
        ndup__buckets one;
        set_init(&random, ROWS_MOST, 5, 3, 4 + round);
        build(&one, 1);
        for (unsigned workers = 2; workers <= 5; workers++) {
            ndup__buckets many;
            build(&many, workers);
            assert_u64_equal(many.bucket_count, one.bucket_count);
            assert_u64_equal(many.membership_count, one.membership_count);
            assert_u64_equal(many.largest, one.largest);
            assert_memory_equal(many.starts, one.starts, (ROWS_MOST + 1) * sizeof *one.starts);
            assert_memory_equal(many.buckets, one.buckets,
                                one.membership_count * sizeof *one.buckets);
            assert_memory_equal(many.bands, one.bands, one.bucket_count * sizeof *one.bands);
            ndup__buckets_deinit(&many);
        }
        ndup__buckets_deinit(&one);
        ndup_sketcher_free(set.sketcher);
    }
}

static bool cancel_at_third(void *context, unsigned done)
{
    unsigned *last = context;
    assert_true(done > *last);
    *last = done;
    return done < 3;
}

static void test_buckets__progress_counts_bands_and_cancels(void **state)
{
    (void)state;
    test_random random;
    ndup__pool *pool;
    ndup__buckets buckets;
    ndup_error error;
    unsigned last = 0;
    test_random_init(&random, 3);
    set_init(&random, 100, 8, 2, 5);
    assert_ok(ndup__pool_new(&pool, 1, NULL, &error), &error);
    assert_status(ndup__buckets_build(&buckets, &set.rows, &set.bands, UINT64_MAX, pool,
                                      cancel_at_third, &last, watches, NULL, &error),
                  NDUP_STATUS_CANCELLED, &error);
    assert_u64_equal(last, 3);
    ndup__pool_free(pool);
    ndup_sketcher_free(set.sketcher);
}

/* Who was visited for a row, how often. */
typedef struct visit_counts {
    unsigned visits[ROWS_MOST];
    size_t total;
    ndup__crowding crowding;
} visit_counts;

static void count_visit(void *context, uint32_t leader, unsigned chosen)
{
    visit_counts *counts = context;
    assert_in_range(chosen, set.bands.rows, SLOTS);
    counts->visits[leader]++;
    counts->total++;
}

static visit_counts visit(const ndup__leaders *leaders, uint32_t row, uint32_t since)
{
    visit_counts counts = {0};
    counts.crowding = ndup__leaders_visit(leaders, row, since, count_visit, &counts);
    return counts;
}

static void test_leaders__are_visited_once_for_every_shared_band(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 4);
    for (unsigned round = 0; round < 30; round++) {
        ndup__buckets buckets;
        ndup__leaders leaders;
        ndup_error error;
        bool added[ROWS_MOST] = {false};
        size_t count = 1 + (size_t)test_random_below(&random, 120);
        set_init(&random, count, 5, 3, 1 + test_random_below(&random, 6));
        build(&buckets, 1);
        assert_ok(
            ndup__leaders_init(&leaders, &set.rows, &buckets, set.bands.rows, NULL, NULL, &error),
            &error);
        for (uint32_t row = 0; row < count; row++) {
            uint32_t since = (uint32_t)test_random_below(&random, row + 1);
            visit_counts all = visit(&leaders, row, 0);
            visit_counts late = visit(&leaders, row, since);
            for (uint32_t other = 0; other < row; other++) {
                unsigned expected = added[other] ? count_shared_bands(row, other) : 0;
                assert_u64_equal(all.visits[other], expected);
                assert_u64_equal(late.visits[other], other >= since ? expected : 0);
            }
            added[row] = test_random_chance(&random, 0.6);
            if (added[row]) {
                assert_ok(ndup__leaders_add(&leaders, row, row, &error), &error);
            }
        }
        assert_u64_equal(leaders.split_buckets, 0);
        ndup__leaders_deinit(&leaders);
        ndup__buckets_deinit(&buckets);
        ndup_sketcher_free(set.sketcher);
    }
}

/* One bucket of all rows in the first band: visits stay few, are of rows that share the band, and
 * find every row that agrees in all slots. */
static void test_leaders__giant_buckets_are_split(void **state)
{
    (void)state;
    test_random random;
    ndup__buckets buckets;
    ndup__leaders leaders;
    ndup_error error;
    test_random_init(&random, 5);
    set_init(&random, ROWS_MOST, 1, 4, 8);
    for (size_t i = 0; i < ROWS_MOST; i++) {
        set.tokens[i] = 9;
        memset(set.cells + i * SLOTS, 0, 4 * sizeof *set.cells);
        if (i % 100 == 99) {
            memcpy(set.cells + i * SLOTS, set.cells + (i - 50) * SLOTS, SLOTS * sizeof *set.cells);
        }
    }
    build(&buckets, 1);
    assert_u64_equal(buckets.largest, ROWS_MOST);
    assert_ok(ndup__leaders_init(&leaders, &set.rows, &buckets, 4, NULL, NULL, &error), &error);
    for (uint32_t row = 0; row < ROWS_MOST; row++) {
        visit_counts seen = visit(&leaders, row, 0);
        assert_in_range(seen.total, 0, NDUP__BUCKET_LEADERS);
        for (uint32_t other = 0; other < ROWS_MOST; other++) {
            assert_true(seen.visits[other] <= (other < row));
        }
        assert_true(row % 100 != 99 || seen.visits[row - 50] == 1);
        assert_ok(ndup__leaders_add(&leaders, row, row, &error), &error);
    }
    assert_true(leaders.split_buckets > 0);
    ndup__leaders_deinit(&leaders);
    ndup__buckets_deinit(&buckets);
    ndup_sketcher_free(set.sketcher);
}

/* Identical rows can be split by no slot: the first of them are told of, and that there are more.
 */
static void test_leaders__rows_that_agree_in_every_slot_are_told_of_by_the_first(void **state)
{
    (void)state;
    test_random random;
    ndup__buckets buckets;
    ndup__leaders leaders;
    ndup_error error;
    test_random_init(&random, 6);
    set_init(&random, ROWS_MOST, 4, 4, 1);
    for (size_t i = 0; i < ROWS_MOST; i++) {
        set.tokens[i] = 9;
    }
    build(&buckets, 1);
    assert_ok(ndup__leaders_init(&leaders, &set.rows, &buckets, 4, NULL, NULL, &error), &error);
    for (uint32_t row = 0; row < ROWS_MOST; row++) {
        visit_counts seen = visit(&leaders, row, 0);
        bool is_bottom = row > NDUP__BUCKET_LEADERS;
        size_t told = is_bottom ? NDUP__BUCKET_LEADERS : row;
        assert_u64_equal(seen.total, set.bands.bands * told);
        assert_int_equal(seen.crowding.is_full, is_bottom);
        for (uint32_t other = 0; other < told; other++) {
            assert_u64_equal(seen.visits[other], set.bands.bands);
        }
        assert_ok(ndup__leaders_add(&leaders, row, row, &error), &error);
    }
    ndup__leaders_deinit(&leaders);
    ndup__buckets_deinit(&buckets);
    ndup_sketcher_free(set.sketcher);
}

static ndup_status work_with(const ndup_allocator *allocator, ndup__pool *pool, ndup_error *error)
{
    ndup__buckets buckets;
    ndup__leaders leaders;
    ndup_status status = ndup__buckets_build(&buckets, &set.rows, &set.bands, UINT64_MAX, pool,
                                             NULL, NULL, watches, allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status =
        ndup__leaders_init(&leaders, &set.rows, &buckets, set.bands.rows, allocator, NULL, error);
    for (uint32_t row = 0; status == NDUP_STATUS_OK && row < set.rows.count; row++) {
        status = ndup__leaders_add(&leaders, row, row, error);
    }
    ndup__leaders_deinit(&leaders);
    ndup__buckets_deinit(&buckets);
    return status;
}

static void test_buckets__memory_may_fail(void **state)
{
    (void)state;
    test_random random;
    ndup__pool *pool;
    ndup_error error;
    test_random_init(&random, 7);
    set_init(&random, 600, 4, 3, 1);
    assert_ok(ndup__pool_new(&pool, 1, NULL, &error), &error);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = work_with(&memory.allocator, pool, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
    ndup__pool_free(pool);
    ndup_sketcher_free(set.sketcher);
}

TEST_MAIN(cmocka_unit_test(test_buckets__equal_naive_grouping),
          cmocka_unit_test(test_buckets__are_the_same_for_any_workers),
          cmocka_unit_test(test_buckets__progress_counts_bands_and_cancels),
          cmocka_unit_test(test_leaders__are_visited_once_for_every_shared_band),
          cmocka_unit_test(test_leaders__giant_buckets_are_split),
          cmocka_unit_test(test_leaders__rows_that_agree_in_every_slot_are_told_of_by_the_first),
          cmocka_unit_test(test_buckets__memory_may_fail))
