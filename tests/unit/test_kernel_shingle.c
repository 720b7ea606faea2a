/* SPDX-License-Identifier: MIT */
/* Every variant of shingle_windows against the definition. */
#include <string.h>

#include "kernel/kernel.h"

#include "support/guard_buffer.h"
#include "support/random.h"
#include "support/test.h"

#define SIZE_MAX_TESTED 64
#define COUNT_MAX 300

static void check(const uint64_t *tokens, size_t count, unsigned size)
{
    uint64_t expected[COUNT_MAX];
    guard_buffer from;
    guard_buffer to;
    guard_buffer_init(&from, (count + size - 1) * sizeof *tokens);
    guard_buffer_init(&to, count * sizeof *expected);
    const uint64_t *placed =
        guard_buffer_put(&from, tokens, (count > 0 ? count + size - 1 : 0) * sizeof *tokens);
    ndup__shingle_windows_scalar(expected, placed, count, size);
    for (const ndup__shingle_windows_variant *v = ndup__shingle_windows_variants; v->run != NULL;
         v++) {
        if ((v->needs & ~ndup__cpu_features()) == 0) {
            uint64_t *actual = guard_buffer_end(&to, count * sizeof *actual);
            memset(actual, 0xA5, count * sizeof *actual);
            v->run(actual, placed, count, size);
            assert_memory_equal(actual, expected, count * sizeof *actual);
            v->run(guard_buffer_start(&to), placed, count, size);
            assert_memory_equal(guard_buffer_start(&to), expected, count * sizeof *actual);
        }
    }
    guard_buffer_deinit(&from);
    guard_buffer_deinit(&to);
}

static void test_kernel_shingle__agrees_for_all_lengths_and_offsets(void **state)
{
    (void)state;
    uint64_t tokens[64];
    test_random random;
    test_random_init(&random, 1);
    test_random_bytes(&random, tokens, sizeof tokens);
    for (unsigned size = 1; size <= 8; size++) {
        for (size_t count = 0; count <= 25; count++) {
            for (size_t offset = 0; offset < 8; offset++) {
                check(tokens + offset, count, size);
            }
        }
    }
}

static void test_kernel_shingle__agrees_for_every_size(void **state)
{
    (void)state;
    uint64_t tokens[COUNT_MAX + SIZE_MAX_TESTED];
    test_random random;
    test_random_init(&random, 2);
    test_random_bytes(&random, tokens, sizeof tokens);
    for (unsigned size = 1; size <= SIZE_MAX_TESTED; size++) {
        check(tokens, COUNT_MAX, size);
        check(tokens + size, 13, size);
    }
}

static void test_kernel_shingle__agrees_on_extremes(void **state)
{
    (void)state;
    uint64_t tokens[80];
    memset(tokens, 0xFF, sizeof tokens);
    check(tokens, 70, 5);
    check(tokens, 17, SIZE_MAX_TESTED);
    memset(tokens, 0, sizeof tokens);
    check(tokens, 70, 5);
    for (size_t i = 0; i < 80; i++) {
        tokens[i] = (uint64_t)1 << (i % 64);
    }
    check(tokens, 70, 5);
    check(tokens, 70, 3);
}

TEST_MAIN(cmocka_unit_test(test_kernel_shingle__agrees_for_all_lengths_and_offsets),
          cmocka_unit_test(test_kernel_shingle__agrees_for_every_size),
          cmocka_unit_test(test_kernel_shingle__agrees_on_extremes))
