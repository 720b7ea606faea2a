/* SPDX-License-Identifier: MIT */
/* Every variant of cells_equal and cells_pack against the definitions. */
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define COUNT_MAX 4096

static void check_equal(const uint8_t *a, const uint8_t *b, size_t count)
{
    guard_buffer guard_a;
    guard_buffer guard_b;
    guard_buffer_init(&guard_a, count * sizeof *a);
    guard_buffer_init(&guard_b, count * sizeof *b);
    const uint8_t *placed_a = guard_buffer_put(&guard_a, a, count * sizeof *a);
    const uint8_t *placed_b = guard_buffer_put(&guard_b, b, count * sizeof *b);
    size_t expected = ndup__cells_equal_scalar(a, b, count);
    for (const ndup__cells_equal_variant *v = ndup__cells_equal_variants; v->run != NULL; v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            assert_u64_equal(v->run(placed_a, placed_b, count), expected);
            assert_u64_equal(v->run(a, b, count), expected);
        }
    }
    guard_buffer_deinit(&guard_a);
    guard_buffer_deinit(&guard_b);
}

static void check_pack_at(const uint32_t *words, size_t count, unsigned shift)
{
    static uint8_t expected[COUNT_MAX];
    guard_buffer from;
    guard_buffer to;
    guard_buffer_init(&from, count * sizeof *words);
    guard_buffer_init(&to, count * sizeof *expected);
    const uint32_t *placed = guard_buffer_put(&from, words, count * sizeof *words);
    ndup__cells_pack_scalar(expected, words, count, shift);
    for (const ndup__cells_pack_variant *v = ndup__cells_pack_variants; v->run != NULL; v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            uint8_t *actual = guard_buffer_end(&to, count * sizeof *actual);
            memset(actual, 0xA5, count * sizeof *actual);
            v->run(actual, placed, count, shift);
            assert_memory_equal(actual, expected, count * sizeof *actual);
            v->run(guard_buffer_start(&to), words, count, shift);
            assert_memory_equal(guard_buffer_start(&to), expected, count * sizeof *actual);
        }
    }
    guard_buffer_deinit(&from);
    guard_buffer_deinit(&to);
}

static void check_pack(const uint32_t *words, size_t count)
{
    for (unsigned shift = 0; shift <= 24; shift += 8) {
        check_pack_at(words, count, shift);
    }
}

static void test_kernel_cells__equal_agrees_for_all_lengths_and_offsets(void **state)
{
    (void)state;
    uint8_t a[240];
    uint8_t b[240];
    test_random random;
    test_random_init(&random, 1);
    for (size_t i = 0; i < 240; i++) {
        a[i] = (uint8_t)test_random_below(&random, 3);
        b[i] = (uint8_t)test_random_below(&random, 3);
    }
    for (size_t count = 0; count <= 193; count++) {
        for (size_t offset = 0; offset < 32; offset++) {
            check_equal(a + offset, b + 31 - offset, count);
        }
    }
}

static void test_kernel_cells__equal_counts_none_and_all(void **state)
{
    (void)state;
    static uint8_t a[COUNT_MAX];
    static uint8_t b[COUNT_MAX];
    for (size_t count = 0; count <= COUNT_MAX; count = count * 2 + 1) {
        memset(a, 0, sizeof a);
        memset(b, 0xFF, sizeof b);
        check_equal(a, b, count);
        check_equal(a, a, count);
        check_equal(b, b, count);
        b[count / 2] = 0;
        check_equal(a, b, count);
        memset(b, 0, sizeof b);
        b[count / 2] = 0x80;
        b[0] = 1;
        check_equal(a, b, count);
    }
}

static void test_kernel_cells__pack_agrees_for_all_lengths_and_offsets(void **state)
{
    (void)state;
    uint32_t words[120];
    test_random random;
    test_random_init(&random, 2);
    test_random_bytes(&random, words, sizeof words);
    for (size_t count = 0; count <= 97; count++) {
        for (size_t offset = 0; offset < 15; offset++) {
            check_pack(words + offset, count);
        }
    }
}

static void test_kernel_cells__pack_agrees_on_extremes_and_random_words(void **state)
{
    (void)state;
    static uint32_t words[COUNT_MAX];
    test_random random;
    test_random_init(&random, 3);
    memset(words, 0xFF, sizeof words);
    check_pack(words, 128);
    memset(words, 0, sizeof words);
    check_pack(words, 128);
    for (size_t i = 0; i < 64; i++) {
        words[i] = (uint32_t)1 << (i % 32);
    }
    check_pack(words, 128);
    test_random_bytes(&random, words, sizeof words);
    check_pack(words, COUNT_MAX);
}

TEST_MAIN(cmocka_unit_test(test_kernel_cells__equal_agrees_for_all_lengths_and_offsets),
          cmocka_unit_test(test_kernel_cells__equal_counts_none_and_all),
          cmocka_unit_test(test_kernel_cells__pack_agrees_for_all_lengths_and_offsets),
          cmocka_unit_test(test_kernel_cells__pack_agrees_on_extremes_and_random_words))
