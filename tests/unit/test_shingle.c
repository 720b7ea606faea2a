/* SPDX-License-Identifier: MIT */
/* Shingles are hashes of windows, and sorting them gives the set. */
#include "support/test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "text/shingle.h"

/* Naive: the definition, without the header's inline functions. */
static uint64_t naive_hash(const uint64_t *tokens, size_t count)
{
    uint64_t sum = 0x9E3779B97F4A7C15u * (uint64_t)count;
    for (size_t i = 0; i < count; i++) {
        uint64_t turned = tokens[i];
        for (size_t turns = 0; turns < 13 * i; turns++) {
            turned = turned << 1 | turned >> 63;
        }
        sum += turned;
    }
    sum = (sum ^ sum >> 30) * 0xBF58476D1CE4E5B9u;
    sum = (sum ^ sum >> 27) * 0x94D049BB133111EBu;
    return sum ^ sum >> 31;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static size_t naive_sort_distinct(uint64_t *values, size_t count)
{
    size_t kept = 0;
    if (count > 0) {
        qsort(values, count, sizeof *values, compare);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || values[kept - 1] != values[i]) {
            values[kept++] = values[i];
        }
    }
    return kept;
}

/* Sorts `values` both ways; exact-size blocks show a write too far to the sanitizers. */
static void assert_sorts(const uint64_t *values, size_t count)
{
    size_t bytes = (count > 0 ? count : 1) * sizeof *values;
    uint64_t *ours = malloc(bytes);
    uint64_t *naive = malloc(bytes);
    uint64_t *scratch = malloc(bytes);
    assert_true(ours != NULL && naive != NULL && scratch != NULL);
    if (count > 0) {
        memcpy(ours, values, bytes);
        memcpy(naive, values, bytes);
    }
    size_t kept = ndup__sort_distinct(ours, scratch, count);
    assert_u64_equal(kept, naive_sort_distinct(naive, count));
    assert_memory_equal(ours, naive, kept * sizeof *ours);
    free(ours);
    free(naive);
    free(scratch);
}

static void test_shingle__count_follows_the_definition(void **state)
{
    (void)state;
    assert_u64_equal(ndup__shingle_count(0, 5), 0);
    assert_u64_equal(ndup__shingle_count(1, 5), 1);
    assert_u64_equal(ndup__shingle_count(4, 5), 1);
    assert_u64_equal(ndup__shingle_count(5, 5), 1);
    assert_u64_equal(ndup__shingle_count(6, 5), 2);
    assert_u64_equal(ndup__shingle_count(100, 1), 100);
    assert_u64_equal(ndup__shingle_count(100, 64), 37);
}

static void test_shingle__every_size_is_as_naive(void **state)
{
    (void)state;
    uint64_t tokens[150];
    test_random random;
    test_random_init(&random, 1);
    for (size_t i = 0; i < 150; i++) {
        tokens[i] = test_random_u64(&random);
    }
    for (unsigned size = 1; size <= NDUP__SHINGLE_SIZE_MAX; size++) {
        for (size_t count = 0; count <= 150; count += count < 70 ? 1 : 40) {
            uint64_t out[151];
            size_t result = ndup__shingle_count(count, size);
            out[result] = 0x5555;
            ndup__shingle(out, tokens, count, size);
            for (size_t i = 0; i < result; i++) {
                assert_u64_equal(out[i], naive_hash(tokens + i, count < size ? count : size));
            }
            assert_u64_equal(out[result], 0x5555);
        }
    }
}

/* Stored values: an index written by one build is read by the next. */
static void test_shingle__hashes_never_change(void **state)
{
    (void)state;
    static const uint64_t tokens[] = {1, 2, 3, 4, 5, 6};
    uint64_t out[2];
    ndup__shingle(out, tokens, 6, 5);
    assert_u64_equal(out[0], 0x4A59E3274181C31Du);
    assert_u64_equal(out[1], 0xF10556E3E493867Eu);
    ndup__shingle(out, tokens, 2, 3);
    assert_u64_equal(out[0], 0x1F20524B92D93E8Du);
}

static void test_shingle__order_and_number_of_words_count(void **state)
{
    (void)state;
    static const uint64_t forth[] = {1, 2, 0};
    static const uint64_t back[] = {2, 1, 0};
    uint64_t hashes[3];
    ndup__shingle(&hashes[0], forth, 2, 5);
    ndup__shingle(&hashes[1], back, 2, 5);
    ndup__shingle(&hashes[2], forth, 3, 5);
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_true(hashes[i] != hashes[j]);
        }
    }
}

static void test_sort_distinct__random_values_of_every_small_count(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    uint64_t values[600];
    for (size_t count = 0; count <= 600; count++) {
        for (size_t i = 0; i < count; i++) {
            values[i] = test_random_u64(&random);
        }
        assert_sorts(values, count);
    }
}

/* shift and limit make values crowd in few buckets of any one digit. */
static void test_sort_distinct__crowded_values(void **state)
{
    (void)state;
    static const size_t counts[] = {17, 100, 450, 5000, 30000};
    test_random random;
    test_random_init(&random, 3);
    uint64_t *values = malloc(30000 * sizeof *values);
    assert_non_null(values);
    for (size_t which = 0; which < sizeof counts / sizeof *counts; which++) {
        for (unsigned shift = 0; shift < 64; shift += 7) {
            for (uint64_t limit = 1; limit <= 100000; limit *= 10) {
                for (size_t i = 0; i < counts[which]; i++) {
                    values[i] = test_random_below(&random, limit) << shift;
                }
                assert_sorts(values, counts[which]);
            }
        }
    }
    free(values);
}

/* Each value shares a longer beginning with the ones before: the deepest nesting there is. */
static void test_sort_distinct__nested_crowds(void **state)
{
    (void)state;
    enum { LEVELS = 64, EACH = 40 };
    uint64_t values[LEVELS * EACH];
    test_random random;
    test_random_init(&random, 4);
    for (size_t level = 0; level < LEVELS; level++) {
        for (size_t i = 0; i < EACH; i++) {
            values[level * EACH + i] = test_random_u64(&random) >> level;
        }
    }
    assert_sorts(values, LEVELS * EACH);
    for (size_t i = 0; i < LEVELS * EACH; i++) {
        values[i] = ~values[i];
    }
    assert_sorts(values, LEVELS * EACH);
}

static void test_sort_distinct__sorted_reversed_and_equal_values(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static uint64_t values[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = i << 50;
    }
    assert_sorts(values, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = (uint64_t)(COUNT - i) * 0x0012345678901234u;
    }
    assert_sorts(values, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = UINT64_MAX;
    }
    assert_sorts(values, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = i % 2 == 0 ? 0 : UINT64_MAX;
    }
    assert_sorts(values, COUNT);
}

static void test_sort_distinct__many_random_values_with_repeats(void **state)
{
    (void)state;
    enum { COUNT = 300000 };
    uint64_t *values = malloc(COUNT * sizeof *values);
    assert_non_null(values);
    test_random random;
    test_random_init(&random, 5);
    for (size_t i = 0; i < COUNT; i++) {
        bool repeats = i > 0 && test_random_chance(&random, 0.3);
        values[i] = repeats ? values[test_random_below(&random, i)] : test_random_u64(&random);
    }
    assert_sorts(values, COUNT);
    free(values);
}

TEST_MAIN(cmocka_unit_test(test_shingle__count_follows_the_definition),
          cmocka_unit_test(test_shingle__every_size_is_as_naive),
          cmocka_unit_test(test_shingle__hashes_never_change),
          cmocka_unit_test(test_shingle__order_and_number_of_words_count),
          cmocka_unit_test(test_sort_distinct__random_values_of_every_small_count),
          cmocka_unit_test(test_sort_distinct__crowded_values),
          cmocka_unit_test(test_sort_distinct__nested_crowds),
          cmocka_unit_test(test_sort_distinct__sorted_reversed_and_equal_values),
          cmocka_unit_test(test_sort_distinct__many_random_values_with_repeats))
