/* SPDX-License-Identifier: MIT */
/* Every variant of bit_votes against the definition. */
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define BITS 64
#define COUNT_MAX 2000

static void check_all(const uint64_t *hashes, size_t count, uint64_t seed)
{
    uint32_t expected[BITS];
    guard_buffer hash_guard;
    guard_buffer ones_guard;
    guard_buffer_init(&hash_guard, count * sizeof *hashes);
    guard_buffer_init(&ones_guard, sizeof expected);
    const uint64_t *placed = guard_buffer_put(&hash_guard, hashes, count * sizeof *hashes);
    for (const ndup__bit_votes_variant *v = ndup__bit_votes_variants; v->run != NULL; v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            for (uint32_t bit = 0; bit < BITS; bit++) {
                expected[bit] = UINT32_MAX - bit; /* adds, also beyond 2^32 */
            }
            uint32_t *actual = guard_buffer_put(&ones_guard, expected, sizeof expected);
            ndup__bit_votes_scalar(expected, hashes, count, seed);
            v->run(actual, placed, count, seed);
            assert_memory_equal(actual, expected, sizeof expected);
        }
    }
    guard_buffer_deinit(&hash_guard);
    guard_buffer_deinit(&ones_guard);
}

static void test_kernel_bit_votes__agrees_for_all_short_lengths_and_offsets(void **state)
{
    (void)state;
    uint64_t hashes[40];
    test_random random;
    test_random_init(&random, 1);
    test_random_bytes(&random, hashes, sizeof hashes);
    for (size_t count = 0; count <= 25; count++) {
        for (size_t offset = 0; offset < 8; offset++) {
            check_all(hashes + offset, count, 0);
        }
    }
}

static void test_kernel_bit_votes__counters_do_not_overflow_where_all_hashes_agree(void **state)
{
    (void)state;
    static uint64_t hashes[COUNT_MAX];
    for (size_t count = 240; count <= COUNT_MAX; count += count < 520 ? 1 : 370) {
        check_all(hashes, count, 0); /* all zero: no bit gets a vote */
        check_all(hashes, count, 12345);
    }
}

static void test_kernel_bit_votes__agrees_on_random_sets_and_seeds(void **state)
{
    (void)state;
    static uint64_t hashes[COUNT_MAX];
    test_random random;
    test_random_init(&random, 2);
    test_random_bytes(&random, hashes, sizeof hashes);
    memset(hashes, 0xFF, 100);
    for (int round = 0; round < 100; round++) {
        check_all(hashes, (size_t)test_random_below(&random, COUNT_MAX), test_random_u64(&random));
    }
}

TEST_MAIN(cmocka_unit_test(test_kernel_bit_votes__agrees_for_all_short_lengths_and_offsets),
          cmocka_unit_test(test_kernel_bit_votes__counters_do_not_overflow_where_all_hashes_agree),
          cmocka_unit_test(test_kernel_bit_votes__agrees_on_random_sets_and_seeds))
