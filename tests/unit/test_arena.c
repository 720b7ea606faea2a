/* SPDX-License-Identifier: MIT */
/* Bump allocation: blocks keep what was written, and memory is reused. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { BLOCKS = 400 };

/* Takes blocks of odd sizes, fills each with its number, and checks that none was overwritten. */
static void fill_and_check(ndup__arena *arena, test_random *random)
{
    unsigned char *blocks[BLOCKS];
    size_t sizes[BLOCKS];
    ndup_error error;
    for (size_t i = 0; i < BLOCKS; i++) {
        void *block;
        sizes[i] = (size_t)test_random_below(random, i % 50 == 0 ? 300000 : 200);
        assert_ok(ndup__arena_take(arena, &block, sizes[i], &error), &error);
        assert_u64_equal((uintptr_t)block % _Alignof(max_align_t), 0);
        blocks[i] = block;
        if (sizes[i] > 0) {
            memset(blocks[i], (int)(i % 251), sizes[i]);
        }
        if (i % 7 == 0 && sizes[i] > 0) {
            sizes[i] = (size_t)test_random_below(random, sizes[i]);
            ndup__arena_trim(arena, block, sizes[i]);
        }
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        for (size_t j = 0; j < sizes[i]; j++) {
            assert_int_equal(blocks[i][j], i % 251);
        }
    }
}

static void test_arena__blocks_do_not_touch(void **state)
{
    (void)state;
    failing_allocator memory;
    test_random random;
    failing_allocator_init(&memory);
    ndup__arena arena = {.allocator = &memory.allocator};
    test_random_init(&random, 1);
    for (int i = 0; i < 5; i++) {
        fill_and_check(&arena, &random);
        ndup__arena_reset(&arena);
    }
    ndup__arena_deinit(&arena);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

static void test_arena__reset_settles_at_no_allocation(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup_error error;
    size_t calls = 0;
    failing_allocator_init(&memory);
    ndup__arena arena = {.allocator = &memory.allocator};
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 5000; i++) {
            void *block;
            assert_ok(ndup__arena_take(&arena, &block, 60, &error), &error);
        }
        ndup__arena_reset(&arena);
        if (round == 1) {
            calls = failing_allocator_calls(&memory);
        }
    }
    assert_u64_equal(failing_allocator_calls(&memory), calls);
    ndup__arena_deinit(&arena);
}

static void test_arena__copies_end_in_zero(void **state)
{
    (void)state;
    ndup__arena arena = {0};
    ndup_error error;
    char *copy;
    char *empty;
    assert_ok(ndup__arena_copy(&arena, &copy, "with\0zero", 9, &error), &error);
    assert_ok(ndup__arena_copy(&arena, &empty, NULL, 0, &error), &error);
    assert_memory_equal(copy, "with\0zero", 10);
    assert_string_equal(empty, "");
    ndup__arena_deinit(&arena);
}

static void test_arena__memory_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error;
        ndup_status status = NDUP_STATUS_OK;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__arena arena = {.allocator = &memory.allocator};
        for (int i = 0; i < 3000 && status == NDUP_STATUS_OK; i++) {
            void *block;
            status = ndup__arena_take(&arena, &block, (size_t)(i % 90) * 10, &error);
        }
        ndup__arena_deinit(&arena);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_arena__blocks_do_not_touch),
          cmocka_unit_test(test_arena__reset_settles_at_no_allocation),
          cmocka_unit_test(test_arena__copies_end_in_zero),
          cmocka_unit_test(test_arena__memory_may_fail))
