/* SPDX-License-Identifier: MIT */
/* Every variant of bin_minima against the definition. */
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define SLOTS_MAX 1100
#define COUNT_MAX 3000

/* Runs `variant` and the definition over the same hashes; hashes and state end at unreadable pages.
 */
static void check(const ndup__bin_minima_variant *variant, size_t slots, const uint64_t *hashes,
                  size_t count)
{
    static uint32_t expected[SLOTS_MAX];
    guard_buffer hash_guard;
    guard_buffer state_guard;
    guard_buffer_init(&hash_guard, count * sizeof *hashes);
    guard_buffer_init(&state_guard, slots * sizeof *expected);
    const uint64_t *input = guard_buffer_put(&hash_guard, hashes, count * sizeof *hashes);
    memset(expected, 0xFF, sizeof expected);
    uint32_t *actual = guard_buffer_put(&state_guard, expected, slots * sizeof *expected);
    bool has_empty = variant->run(actual, slots, input, count);
    assert_int_equal(has_empty, ndup__bin_minima_scalar(expected, slots, hashes, count));
    assert_memory_equal(actual, expected, slots * sizeof *expected);
    guard_buffer_deinit(&hash_guard);
    guard_buffer_deinit(&state_guard);
}

static void check_all(size_t slots, const uint64_t *hashes, size_t count)
{
    for (const ndup__bin_minima_variant *v = ndup__bin_minima_variants; v->run != NULL; v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            check(v, slots, hashes, count);
        }
    }
}

static void test_kernel_bin_minima__agrees_for_all_short_lengths_and_offsets(void **state)
{
    (void)state;
    uint64_t hashes[64];
    test_random random;
    test_random_init(&random, 1);
    test_random_bytes(&random, hashes, sizeof hashes);
    for (size_t count = 0; count <= 49; count++) {
        for (size_t offset = 0; offset < 8; offset++) {
            check_all(128, hashes + offset, count);
        }
    }
}

static void test_kernel_bin_minima__agrees_for_all_numbers_of_slots(void **state)
{
    (void)state;
    static const size_t more[] = {127, 128, 255, 256, 257, 500, 512, 513, 1000, SLOTS_MAX};
    static uint64_t hashes[COUNT_MAX];
    test_random random;
    test_random_init(&random, 2);
    test_random_bytes(&random, hashes, sizeof hashes);
    for (size_t slots = 1; slots <= 49; slots++) {
        check_all(slots, hashes, 40);
        check_all(slots, hashes, 600);
    }
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        check_all(more[i], hashes, 100);
        check_all(more[i], hashes, 1000);
        check_all(more[i], hashes, COUNT_MAX);
    }
}

static void test_kernel_bin_minima__agrees_on_extreme_hashes(void **state)
{
    (void)state;
    static const uint64_t values[] = {
        0,          1,          UINT64_MAX, UINT32_MAX, 1ull << 32,
        1ull << 63, 0x1FFFFFFF, 0x20000000, 0x5555,     ~0x1FFFFFFFull};
    static uint64_t hashes[COUNT_MAX];
    test_random random;
    test_random_init(&random, 3);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t j = 0; j < COUNT_MAX; j++) {
            hashes[j] = values[i];
        }
        check_all(128, hashes, 1);
        check_all(128, hashes, 33);
        check_all(128, hashes, COUNT_MAX);
    }
    for (size_t j = 0; j < COUNT_MAX; j++) {
        hashes[j] = values[test_random_below(&random, sizeof values / sizeof *values)];
    }
    check_all(128, hashes, COUNT_MAX);
}

static void test_kernel_bin_minima__agrees_on_random_sets_with_repeats(void **state)
{
    (void)state;
    static uint64_t hashes[COUNT_MAX];
    test_random random;
    test_random_init(&random, 4);
    for (int round = 0; round < 300; round++) {
        size_t count = (size_t)test_random_below(&random, COUNT_MAX);
        test_random_bytes(&random, hashes, count * sizeof *hashes);
        for (size_t i = 1; i < count; i++) {
            if (test_random_chance(&random, 0.1)) {
                hashes[i] = hashes[test_random_below(&random, i)];
            }
        }
        check_all(1 + (size_t)test_random_below(&random, SLOTS_MAX), hashes, count);
    }
}

TEST_MAIN(cmocka_unit_test(test_kernel_bin_minima__agrees_for_all_short_lengths_and_offsets),
          cmocka_unit_test(test_kernel_bin_minima__agrees_for_all_numbers_of_slots),
          cmocka_unit_test(test_kernel_bin_minima__agrees_on_extreme_hashes),
          cmocka_unit_test(test_kernel_bin_minima__agrees_on_random_sets_with_repeats))
