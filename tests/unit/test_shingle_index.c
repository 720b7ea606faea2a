/* SPDX-License-Identifier: MIT */
/* Indexed texts against counting by comparing all with all. */
#include "similarity/shingle_index.h"

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/slots.h"
#include "support/test.h"

enum { MOST = 300 };

typedef struct text_pair {
    uint64_t a[MOST], b[MOST];
    size_t a_count, b_count;
} text_pair;

static bool holds(const uint64_t *text, size_t count, uint64_t shingle)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        found |= text[i] == shingle;
    }
    return found;
}

static size_t naive_distinct(const uint64_t *text, size_t count)
{
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++) {
        distinct += !holds(text, i, text[i]);
    }
    return distinct;
}

static size_t naive_shared(const text_pair *pair)
{
    size_t shared = 0;
    for (size_t i = 0; i < pair->b_count; i++) {
        shared += !holds(pair->b, i, pair->b[i]) && holds(pair->a, pair->a_count, pair->b[i]);
    }
    return shared;
}

/* Two texts out of `vocabulary` shingles, 0 and the greatest number among them. */
static void fill(test_random *random, text_pair *pair, uint64_t vocabulary)
{
    pair->a_count = (size_t)test_random_below(random, MOST + 1);
    pair->b_count = (size_t)test_random_below(random, MOST + 1);
    for (size_t i = 0; i < MOST; i++) {
        pair->a[i] = test_random_below(random, vocabulary) * 0x9E3779B97F4A7C15u;
        pair->b[i] = test_random_below(random, vocabulary) * 0x9E3779B97F4A7C15u;
    }
    pair->a[test_random_below(random, MOST)] = UINT64_MAX;
    pair->b[test_random_below(random, MOST)] = UINT64_MAX;
}

static void fill_index(ndup__shingle_index *index, const uint64_t *text, size_t count)
{
    ndup_error error;
    assert_ok(ndup__index_fill(index, text, count, &error), &error);
}

static void test_shingle_index__counts_distinct_shingles(void **state)
{
    (void)state;
    test_random random;
    ndup__shingle_index index = {0};
    test_random_init(&random, 1);
    for (int round = 0; round < 400; round++) {
        text_pair pair;
        uint64_t repeats[MOST / 64 + 1];
        size_t marked = 0;
        fill(&random, &pair, round % 2 == 0 ? 40 : 100000);
        fill_index(&index, pair.a, pair.a_count);
        assert_u64_equal(index.distinct, naive_distinct(pair.a, pair.a_count));
        ndup__index_mark_repeats(repeats, &index);
        for (size_t i = 0; i < pair.a_count; i++) {
            bool is_marked = (repeats[i / 64] >> (i % 64) & 1) != 0;
            assert_true(is_marked == holds(pair.a + i + 1, pair.a_count - i - 1, pair.a[i]));
            marked += is_marked;
        }
        assert_u64_equal(marked + index.distinct, pair.a_count);
    }
    ndup__index_deinit(&index);
}

/* Every place of a shingle hangs on the first, in text order. */
static void test_shingle_index__meetings_are_all_places_in_order(void **state)
{
    (void)state;
    test_random random;
    ndup__shingle_index index = {0};
    test_random_init(&random, 2);
    for (int round = 0; round < 400; round++) {
        text_pair pair;
        size_t shared;
        ndup_error error;
        fill(&random, &pair, round % 2 == 0 ? 40 : 400);
        fill_index(&index, pair.a, pair.a_count);
        assert_ok(ndup__index_meet(&shared, &index, pair.b, pair.b_count, NULL, 0, &error), &error);
        for (size_t i = 0; i < pair.b_count; i++) {
            uint32_t place = index.meetings[i];
            for (size_t k = 0; k < pair.a_count; k++) {
                if (pair.a[k] == pair.b[i]) {
                    assert_u64_equal(place, k + 1);
                    place = index.nexts[k];
                }
            }
            assert_u64_equal(place, 0);
        }
    }
    ndup__index_deinit(&index);
}

static void test_shingle_index__counts_shared_shingles_once(void **state)
{
    (void)state;
    test_random random;
    ndup__shingle_index index = {0};
    test_random_init(&random, 3);
    for (int round = 0; round < 400; round++) {
        text_pair pair;
        uint64_t repeats[MOST / 64 + 1];
        size_t shared;
        ndup_error error;
        fill(&random, &pair, round % 2 == 0 ? 40 : 400);
        size_t expected = naive_shared(&pair);
        fill_index(&index, pair.b, pair.b_count);
        ndup__index_mark_repeats(repeats, &index);
        fill_index(&index, pair.a, pair.a_count);
        size_t least = (size_t)test_random_below(&random, MOST);
        assert_ok(ndup__index_meet(&shared, &index, pair.b, pair.b_count, repeats, least, &error),
                  &error);
        assert_true(expected >= least ? shared == expected : shared < least);
        assert_ok(ndup__index_meet(&shared, &index, pair.b, pair.b_count, repeats, 0, &error),
                  &error);
        assert_u64_equal(shared, expected);
    }
    ndup__index_deinit(&index);
}

/* Shingles that share their top bits or their low ones leave no long runs in the second table, and
 * leave some places of the first one to others. */
static void test_shingle_index__shingles_that_were_made_to_crowd_do_not(void **state)
{
    (void)state;
    enum { MANY = 1 << 14 };
    static uint64_t text[MANY];
    ndup__shingle_index index = {0};
    for (size_t s = 0; s < sizeof test_crowding_shifts / sizeof test_crowding_shifts[0]; s++) {
        for (uint64_t i = 0; i < MANY; i++) {
            text[i] = i << test_crowding_shifts[s];
        }
        fill_index(&index, text, MANY);
        assert_u64_equal(index.distinct, MANY);
        size_t slots = (size_t)1 << (64 - index.shift);
        assert_true(test_longest_run(index.slots + slots, sizeof *index.slots, slots) < MANY / 16);
    }
    ndup__index_deinit(&index);
}

static void test_shingle_index__memory_may_fail(void **state)
{
    (void)state;
    static const uint64_t text[] = {1, 2, 3};
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        size_t shared;
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__shingle_index index = {.allocator = &memory.allocator};
        ndup_status status = ndup__index_fill(&index, text, 3, &error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__index_meet(&shared, &index, text, 3, NULL, 0, &error);
        }
        ndup__index_deinit(&index);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_u64_equal(shared, 3);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_shingle_index__counts_distinct_shingles),
          cmocka_unit_test(test_shingle_index__meetings_are_all_places_in_order),
          cmocka_unit_test(test_shingle_index__counts_shared_shingles_once),
          cmocka_unit_test(test_shingle_index__shingles_that_were_made_to_crowd_do_not),
          cmocka_unit_test(test_shingle_index__memory_may_fail))
