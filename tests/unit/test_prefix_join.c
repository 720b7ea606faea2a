/* SPDX-License-Identifier: MIT */
/* The exact join against all pairs. */
#include "similarity/prefix_join.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { SETS = 120, SIZE_MOST = 60 };

/* Sets in ascending order of size, some of them near-copies of others. */
typedef struct set_list {
    uint64_t values[SETS][SIZE_MOST];
    const uint64_t *sets[SETS];
    uint32_t sizes[SETS];
    size_t count;
} set_list;

typedef struct found_pairs {
    atomic_uint shared[SETS][SETS]; /* 1 + shared elements */
    atomic_uint wrong;
    ndup_status failure;
} found_pairs;

static set_list lists;
static found_pairs found;

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int compare_sizes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint64_t draw(test_random *random, uint64_t limit)
{
    return test_random_below(random, limit) * 0x9E3779B97F4A7C15u;
}

static void fill_sets(test_random *random, size_t count)
{
    uint64_t limit = (uint64_t)10 << test_random_below(random, 8);
    lists.count = count;
    for (size_t i = 0; i < count; i++) {
        lists.sizes[i] = (uint32_t)test_random_below(random, SIZE_MOST);
    }
    qsort(lists.sizes, count, sizeof *lists.sizes, compare_sizes);
    for (size_t i = 0; i < count; i++) {
        uint64_t *values = lists.values[i];
        size_t from = i > 0 ? (size_t)test_random_below(random, i) : 0;
        double copied = i > 0 ? test_random_unit(random) : 0;
        for (size_t j = 0; j < lists.sizes[i]; j++) {
            bool copies = j < lists.sizes[from] && test_random_chance(random, copied);
            values[j] = copies ? lists.values[from][j] : draw(random, limit);
        }
        qsort(values, lists.sizes[i], sizeof *values, compare);
        for (size_t j = 1; j < lists.sizes[i]; j++) {
            if (values[j] <= values[j - 1]) { /* sizes stay as they are: take another value */
                values[j] = values[j - 1] + 1;
            }
        }
        lists.sets[i] = values;
    }
}

static size_t count_shared(size_t a, size_t b)
{
    size_t shared = 0;
    for (size_t i = 0; i < lists.sizes[a]; i++) {
        for (size_t j = 0; j < lists.sizes[b]; j++) {
            shared += lists.values[a][i] == lists.values[b][j];
        }
    }
    return shared;
}

static ndup_status note_pair(void *context, uint32_t a, uint32_t b, size_t shared, unsigned worker,
                             ndup_error *error)
{
    found_pairs *pairs = context;
    (void)worker;
    if (pairs->failure != NDUP_STATUS_OK) {
        *error = (ndup_error){.status = pairs->failure};
        return pairs->failure;
    }
    if (a >= lists.count || b >= lists.count || a == b) {
        atomic_fetch_add(&pairs->wrong, 1);
        return NDUP_STATUS_OK;
    }
    uint32_t low = a < b ? a : b;
    uint32_t high = a < b ? b : a;
    if (atomic_exchange(&pairs->shared[low][high], (unsigned)shared + 1) != 0) {
        atomic_fetch_add(&pairs->wrong, 1);
    }
    return NDUP_STATUS_OK;
}

static void clear_found(void)
{
    found.failure = NDUP_STATUS_OK;
    atomic_store(&found.wrong, 0);
    for (size_t i = 0; i < SETS; i++) {
        for (size_t j = 0; j < SETS; j++) {
            atomic_store(&found.shared[i][j], 0);
        }
    }
}

static ndup_status join(double threshold, unsigned workers, const ndup_allocator *allocator,
                        ndup_error *error)
{
    ndup__pool *pool;
    clear_found();
    ndup_status status = ndup__pool_new(&pool, workers, NULL, error);
    assert_ok(status, error);
    status = ndup__prefix_join(lists.sets, lists.sizes, lists.count, threshold, pool, note_pair,
                               &found, NULL, allocator, error);
    ndup__pool_free(pool);
    return status;
}

static size_t check_pairs(double threshold)
{
    size_t pairs = 0;
    assert_int_equal(atomic_load(&found.wrong), 0);
    for (size_t i = 0; i < lists.count; i++) {
        for (size_t j = i + 1; j < lists.count; j++) {
            size_t shared = count_shared(i, j);
            size_t whole = lists.sizes[i] + lists.sizes[j] - shared;
            bool is_pair = shared > 0 && (double)shared / (double)whole >= threshold;
            assert_int_equal(atomic_load(&found.shared[i][j]), is_pair ? shared + 1 : 0);
            pairs += is_pair;
        }
    }
    return pairs;
}

static void test_prefix_join__finds_all_pairs_and_no_others(void **state)
{
    (void)state;
    static const double thresholds[] = {0.05, 0.3, 0.5, 0.6, 2.0 / 3, 0.75, 0.8, 0.9, 1};
    test_random random;
    size_t pairs = 0;
    test_random_init(&random, 1);
    for (unsigned round = 0; round < 180; round++) {
        ndup_error error;
        double threshold = thresholds[round % 9];
        fill_sets(&random, (size_t)test_random_below(&random, SETS + 1));
        assert_ok(join(threshold, 1 + round % 3 * 2, NULL, &error), &error);
        pairs += check_pairs(threshold);
    }
    assert_true(pairs > 1000);
}

static void test_prefix_join__errors_of_the_visitor_are_returned(void **state)
{
    (void)state;
    test_random random;
    ndup__pool *pool;
    ndup_error error;
    test_random_init(&random, 2);
    fill_sets(&random, SETS);
    clear_found();
    found.failure = NDUP_STATUS_CANCELLED;
    assert_ok(ndup__pool_new(&pool, 2, NULL, &error), &error);
    assert_status(ndup__prefix_join(lists.sets, lists.sizes, lists.count, 0.1, pool, note_pair,
                                    &found, NULL, NULL, &error),
                  NDUP_STATUS_CANCELLED, &error);
    ndup__pool_free(pool);
}

static void test_prefix_join__memory_may_fail(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    fill_sets(&random, SETS);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = join(0.5, 1, &memory.allocator, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

enum { MANY = 3000, MANY_SIZE = 200, MANY_CHANGES = 60 };

static ndup_status count_pair(void *context, uint32_t a, uint32_t b, size_t shared, unsigned worker,
                              ndup_error *error)
{
    atomic_uint *found_with = context; /* [changes] */
    (void)worker;
    (void)error;
    uint32_t low = a < b ? a : b;
    if (low % 2 == 0 && low + 1 == (a < b ? b : a) && MANY_SIZE - shared < MANY_CHANGES) {
        atomic_fetch_add(&found_with[MANY_SIZE - shared], 1);
    } else {
        atomic_fetch_add(&found_with[MANY_CHANGES], 1);
    }
    return NDUP_STATUS_OK;
}

/* So many elements that they are counted in several parts. Set 2 i + 1 is a copy of set 2 i, with
 * i % MANY_CHANGES other elements; nothing else is shared but two elements that all have. */
static void test_prefix_join__finds_the_copies_among_many_sets(void **state)
{
    (void)state;
    uint64_t(*values)[MANY_SIZE] = malloc(MANY * sizeof *values);
    const uint64_t **sets = malloc(MANY * sizeof *sets);
    uint32_t *sizes = malloc(MANY * sizeof *sizes);
    assert_true(values != NULL && sets != NULL && sizes != NULL);
    test_random random;
    test_random_init(&random, 4);
    for (size_t i = 0; i < MANY; i++) {
        for (size_t k = 0; k < MANY_SIZE; k++) {
            bool copies = i % 2 == 1 && k >= i / 2 % MANY_CHANGES;
            values[i][k] = copies ? values[i - 1][k] : test_random_u64(&random) | 1;
        }
        values[i][MANY_SIZE - 2] = 0;
        values[i][MANY_SIZE - 1] = 0xFFFFFFFFFFFFFFFEu;
    }
    for (size_t i = 0; i < MANY; i++) {
        qsort(values[i], MANY_SIZE, sizeof values[i][0], compare);
        sets[i] = values[i];
        sizes[i] = MANY_SIZE;
    }
    ndup__pool *pool;
    ndup_error error;
    atomic_uint found_with[MANY_CHANGES + 1] = {0};
    assert_ok(ndup__pool_new(&pool, 3, NULL, &error), &error);
    assert_ok(
        ndup__prefix_join(sets, sizes, MANY, 0.8, pool, count_pair, found_with, NULL, NULL, &error),
        &error);
    ndup__pool_free(pool);
    for (unsigned changes = 0; changes < MANY_CHANGES; changes++) {
        bool is_pair = MANY_SIZE - changes >= 0.8 * (MANY_SIZE + changes);
        unsigned pairs = MANY / 2 / MANY_CHANGES;
        assert_int_equal(atomic_load(&found_with[changes]), is_pair ? pairs : 0);
    }
    assert_int_equal(atomic_load(&found_with[MANY_CHANGES]), 0);
    free(values);
    free(sets);
    free(sizes);
}

/* Goes on so many times. */
static bool count_down(void *context)
{
    size_t *left = context;
    *left -= *left > 0;
    return *left > 0;
}

/* Wherever the join is stopped, it ends with CANCELLED. */
static void test_prefix_join__may_be_stopped_anywhere(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 31);
    fill_sets(&random, SETS);
    for (unsigned workers = 1; workers <= 2; workers++) {
        ndup_status status = NDUP_STATUS_CANCELLED;
        for (size_t beats = 1; status != NDUP_STATUS_OK; beats += 1 + beats / 4) {
            size_t left = beats;
            ndup__pulse pulse = {.beat = count_down, .context = &left};
            ndup__pool *pool;
            ndup_error error = {0};
            clear_found();
            assert_ok(ndup__pool_new(&pool, workers, NULL, &error), &error);
            status = ndup__prefix_join(lists.sets, lists.sizes, lists.count, 0.5, pool, note_pair,
                                       &found, &pulse, NULL, &error);
            ndup__pool_free(pool);
            assert_status(status, left == 0 ? NDUP_STATUS_CANCELLED : NDUP_STATUS_OK, &error);
        }
    }
}

enum { CHAINED = 60, CHAIN_SIZE = 10000 };

static bool count_beat(void *context)
{
    ++*(size_t *)context;
    return true;
}

static ndup_status ignore_pair(void *context, uint32_t x, uint32_t y, size_t shared,
                               unsigned worker, ndup_error *error)
{
    (void)context;
    (void)x;
    (void)y;
    (void)shared;
    (void)worker;
    (void)error;
    return NDUP_STATUS_OK;
}

/* Equal sets: of every one the elements of half a set lead to all sets before it. */
static void test_prefix_join__asks_on_the_way_along_chains(void **state)
{
    (void)state;
    static uint64_t values[CHAIN_SIZE];
    const uint64_t *sets[CHAINED];
    uint32_t sizes[CHAINED];
    for (size_t k = 0; k < CHAIN_SIZE; k++) {
        values[k] = (k + 1) * (UINT64_MAX / (CHAIN_SIZE + 1));
    }
    for (size_t i = 0; i < CHAINED; i++) {
        sets[i] = values;
        sizes[i] = CHAIN_SIZE;
    }
    size_t beats = 0;
    ndup__pulse pulse = {.beat = count_beat, .context = &beats};
    ndup__pool *pool;
    ndup_error error = {0};
    assert_ok(ndup__pool_new(&pool, 1, NULL, &error), &error);
    assert_ok(
        ndup__prefix_join(sets, sizes, CHAINED, 0.1, pool, ignore_pair, NULL, &pulse, NULL, &error),
        &error);
    ndup__pool_free(pool);
    size_t steps = CHAINED * (CHAINED - 1) / 2 * (CHAIN_SIZE * 9 / 10);
    assert_in_range(beats, steps / 100000 + 2 * CHAINED, steps);
}

TEST_MAIN(cmocka_unit_test(test_prefix_join__finds_all_pairs_and_no_others),
          cmocka_unit_test(test_prefix_join__finds_the_copies_among_many_sets),
          cmocka_unit_test(test_prefix_join__errors_of_the_visitor_are_returned),
          cmocka_unit_test(test_prefix_join__may_be_stopped_anywhere),
          cmocka_unit_test(test_prefix_join__asks_on_the_way_along_chains),
          cmocka_unit_test(test_prefix_join__memory_may_fail))
