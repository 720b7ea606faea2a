/* SPDX-License-Identifier: MIT */
/* Large blocks are filled and copied whole, with a breath after each piece. */
#include "base/breath.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "support/failing_allocator.h"
#include "support/test.h"

#define MIB ((size_t)1 << 20)

static void count_breath(void *context)
{
    ++*(unsigned *)context;
}

static void test_breath__fills_and_copies_all(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 7};
    unsigned char *from = malloc(6 * MIB);
    unsigned char *to = malloc(6 * MIB);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned breaths = 0;
        const ndup__breath breath = {count_breath, &breaths};
        memset(from, 1, 6 * MIB);
        memset(to, 2, 6 * MIB);
        ndup__breath_fill(&breath, from, 9, sizes[i]);
        assert_int_equal(breaths, (sizes[i] + MIB - 1) / MIB);
        ndup__breath_copy(&breath, to, from, sizes[i]);
        assert_int_equal(breaths, 2 * ((sizes[i] + MIB - 1) / MIB));
        for (size_t at = 0; at < 6 * MIB; at++) {
            assert_int_equal(from[at], at < sizes[i] ? 9 : 1);
            assert_int_equal(to[at], at < sizes[i] ? 9 : 2);
        }
        ndup__breath_fill(NULL, from, 3, sizes[i]); /* without one, all the same */
        assert_true(sizes[i] == 0 || from[sizes[i] - 1] == 3);
    }
    free(from);
    free(to);
}

static void test_breath__is_taken_every_so_many_rounds(void **state)
{
    (void)state;
    unsigned breaths = 0;
    const ndup__breath breath = {count_breath, &breaths};
    for (size_t i = 0; i < 1000; i++) {
        ndup__breathe_at(&breath, i, 64);
        ndup__breathe_at(NULL, i, 64);
    }
    assert_int_equal(breaths, 16);
}

static void test_breath__allocates_zeroed(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup_error error;
    uint64_t *array;
    failing_allocator_init(&memory);
    assert_ok(ndup__breath_allocate_zeroed(NULL, &memory.allocator, &array, 300000, sizeof *array,
                                           &error),
              &error);
    for (size_t i = 0; i < 300000; i++) {
        assert_u64_equal(array[i], 0);
    }
    ndup__free(&memory.allocator, &array, 300000, sizeof *array);
    failing_allocator_fail_at(&memory, 1);
    assert_status(
        ndup__breath_allocate_zeroed(NULL, &memory.allocator, &array, 3, sizeof *array, &error),
        NDUP_STATUS_MEMORY, &error);
    assert_null(array);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

TEST_MAIN(cmocka_unit_test(test_breath__fills_and_copies_all),
          cmocka_unit_test(test_breath__is_taken_every_so_many_rounds),
          cmocka_unit_test(test_breath__allocates_zeroed))
