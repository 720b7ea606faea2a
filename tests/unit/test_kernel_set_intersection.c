/* SPDX-License-Identifier: MIT */
/* Every variant of set_intersection against counting by search. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define COUNT_MAX 3000

static size_t count_slowly(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    size_t shared = 0;
    for (size_t i = 0; i < a_count; i++) {
        bool found = false;
        for (size_t j = 0; j < b_count && !found; j++) {
            found = a[i] == b[j];
        }
        shared += found;
    }
    return shared;
}

/* Both orders, and `least` below, at and above the truth. */
static void check_all(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    guard_buffer guards[2];
    guard_buffer_init(&guards[0], a_count * sizeof *a);
    guard_buffer_init(&guards[1], b_count * sizeof *b);
    const uint64_t *x = guard_buffer_put(&guards[0], a, a_count * sizeof *a);
    const uint64_t *y = guard_buffer_put(&guards[1], b, b_count * sizeof *b);
    size_t shared = count_slowly(a, a_count, b, b_count);
    const size_t leasts[] = {0, 1, shared / 2, shared, shared + 1, shared * 2 + 2, SIZE_MAX / 2};
    for (const ndup__set_intersection_variant *v = ndup__set_intersection_variants; v->run != NULL;
         v++) {
        if ((v->needs & ~ndup__cpu_features()) != 0) {
            continue;
        }
        for (size_t i = 0; i < sizeof leasts / sizeof *leasts; i++) {
            size_t forth = v->run(x, a_count, y, b_count, leasts[i]);
            size_t back = v->run(y, b_count, x, a_count, leasts[i]);
            if (shared >= leasts[i]) {
                assert_u64_equal(forth, shared);
                assert_u64_equal(back, shared);
            } else {
                assert_true(forth < leasts[i]);
                assert_true(back < leasts[i]);
            }
        }
    }
    guard_buffer_deinit(&guards[0]);
    guard_buffer_deinit(&guards[1]);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Ascending, without repeats, each value below `limit` with the same probability. Result: how many
 * there are after repeats are gone. */
static size_t random_set(uint64_t *set, test_random *random, size_t count, uint64_t limit)
{
    for (size_t i = 0; i < count; i++) {
        set[i] = test_random_below(random, limit);
    }
    qsort(set, count, sizeof *set, compare_u64);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || set[kept - 1] != set[i]) {
            set[kept++] = set[i];
        }
    }
    return kept;
}

static void test_kernel_set_intersection__agrees_for_all_pairs_of_short_lengths(void **state)
{
    (void)state;
    uint64_t a[64];
    uint64_t b[64];
    test_random random;
    test_random_init(&random, 1);
    for (size_t a_count = 0; a_count <= 25; a_count++) {
        for (size_t b_count = 0; b_count <= 25; b_count++) {
            size_t a_kept = random_set(a, &random, a_count, 40);
            size_t b_kept = random_set(b, &random, b_count, 40);
            check_all(a, a_kept, b, b_kept);
        }
    }
}

static void
test_kernel_set_intersection__agrees_on_equal_disjoint_and_interleaved_sets(void **state)
{
    (void)state;
    static uint64_t a[COUNT_MAX];
    static uint64_t b[COUNT_MAX];
    for (size_t count = 1; count <= 200; count += count < 50 ? 1 : 37) {
        for (size_t i = 0; i < count; i++) {
            a[i] = 2 * i;
            b[i] = 2 * i + 1;
        }
        check_all(a, count, a, count);
        check_all(a, count, b, count);
        check_all(a, count / 2, a + count / 2, count - count / 2); /* one behind the other */
        for (size_t i = 0; i < count; i++) {
            b[i] = 4 * i;
        }
        check_all(a, count, b, count);
    }
}

static void test_kernel_set_intersection__agrees_on_the_least_and_greatest_values(void **state)
{
    (void)state;
    uint64_t a[80];
    uint64_t b[80];
    for (size_t i = 0; i < 80; i++) {
        a[i] = i < 40 ? i : UINT64_MAX - (79 - i);
        b[i] = i < 20 ? i : UINT64_MAX - (79 - i);
    }
    for (size_t from = 0; from < 80; from++) {
        check_all(a, 80, b + from, 80 - from);
        check_all(a + from, 80 - from, b, 80);
    }
}

static void test_kernel_set_intersection__agrees_on_sets_of_very_different_sizes(void **state)
{
    (void)state;
    static uint64_t a[COUNT_MAX];
    static uint64_t b[COUNT_MAX];
    test_random random;
    test_random_init(&random, 2);
    for (int round = 0; round < 300; round++) {
        size_t large = (size_t)test_random_below(&random, COUNT_MAX);
        size_t a_kept = random_set(a, &random, large, 4000);
        size_t b_kept =
            random_set(b, &random, large / (1 + (size_t)test_random_below(&random, 80)), 4000);
        check_all(a, a_kept, b, b_kept);
    }
}

static void test_kernel_set_intersection__agrees_on_random_sets(void **state)
{
    (void)state;
    static uint64_t a[COUNT_MAX];
    static uint64_t b[COUNT_MAX];
    test_random random;
    test_random_init(&random, 3);
    for (int round = 0; round < 500; round++) {
        uint64_t limit = 100 + test_random_below(&random, 3000);
        size_t a_kept = random_set(a, &random, (size_t)test_random_below(&random, 600), limit);
        size_t b_kept = random_set(b, &random, (size_t)test_random_below(&random, 600), limit);
        check_all(a, a_kept, b, b_kept);
    }
}

TEST_MAIN(
    cmocka_unit_test(test_kernel_set_intersection__agrees_for_all_pairs_of_short_lengths),
    cmocka_unit_test(test_kernel_set_intersection__agrees_on_equal_disjoint_and_interleaved_sets),
    cmocka_unit_test(test_kernel_set_intersection__agrees_on_the_least_and_greatest_values),
    cmocka_unit_test(test_kernel_set_intersection__agrees_on_sets_of_very_different_sizes),
    cmocka_unit_test(test_kernel_set_intersection__agrees_on_random_sets))
