/* SPDX-License-Identifier: MIT */
/* Entries sorted by key, in their order within a key. */
#include "store/sort_entries.h"

#include <stdlib.h>

#include "support/random.h"
#include "support/test.h"

typedef struct entry {
    uint32_t key;
    uint32_t number;
} entry;

/* By key; as numbers ascend at first, what is stable has them ascend within a key. */
static int compare(const void *a, const void *b)
{
    const entry *one = a;
    const entry *other = b;
    if (one->key != other->key) {
        return one->key < other->key ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

static void check_sorted(entry *entries, size_t count)
{
    uint32_t *keys = malloc((count + 1) * sizeof *keys);
    uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
    uint64_t *scratch = malloc((count + 1) * sizeof *scratch);
    assert_true(keys != NULL && numbers != NULL && scratch != NULL);
    for (size_t i = 0; i < count; i++) {
        entries[i].number = (uint32_t)i;
        keys[i] = entries[i].key;
        numbers[i] = entries[i].number;
    }
    keys[count] = numbers[count] = 4711;
    scratch[count] = 4711;
    ndup__sort_entries(keys, numbers, count, scratch);
    qsort(entries, count, sizeof *entries, compare);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(keys[i], entries[i].key);
        assert_int_equal(numbers[i], entries[i].number);
    }
    assert_true(keys[count] == 4711 && numbers[count] == 4711 && scratch[count] == 4711);
    free(keys);
    free(numbers);
    free(scratch);
}

/* Keys of so many random bits, the lowest of them at `shift`. */
static void check_random(size_t count, unsigned bits, unsigned shift)
{
    test_random random;
    entry *entries = malloc((count + 1) * sizeof *entries);
    assert_non_null(entries);
    test_random_init(&random, count + bits);
    for (size_t i = 0; i < count; i++) {
        entries[i].key = (uint32_t)(test_random_below(&random, (uint64_t)1 << bits) << shift);
    }
    check_sorted(entries, count);
    free(entries);
}

static void test_sort_entries__of_every_small_number(void **state)
{
    (void)state;
    for (size_t count = 0; count < 70; count++) {
        check_random(count, 32, 0);
        check_random(count, 3, 0);
    }
}

static void test_sort_entries__of_one_partition_and_of_many(void **state)
{
    (void)state;
    for (size_t count = 16383; count < 16387; count++) {
        check_random(count, 32, 0);
    }
    check_random(32769, 32, 0);
    check_random(700000, 32, 0);
}

static void test_sort_entries__with_keys_that_are_not_spread(void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 32; shift += 5) {
        check_random(100000, 1, shift);
    }
    check_random(100000, 0, 0);
    check_random(100000, 8, 0);
    check_random(100000, 8, 24);
    check_random(100000, 12, 15);
}

TEST_MAIN(cmocka_unit_test(test_sort_entries__of_every_small_number),
          cmocka_unit_test(test_sort_entries__of_one_partition_and_of_many),
          cmocka_unit_test(test_sort_entries__with_keys_that_are_not_spread))
