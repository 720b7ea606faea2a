/* SPDX-License-Identifier: MIT */
/* Disjoint sets against a list of labels. */
#include "cluster/union_find.h"

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { COUNT = 120 };

static void test_union_find__roots_are_the_least_elements(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    for (int round = 0; round < 200; round++) {
        ndup__union_find sets;
        ndup_error error;
        uint32_t labels[COUNT];
        assert_ok(ndup__union_find_init(&sets, COUNT, NULL, &error), &error);
        for (uint32_t i = 0; i < COUNT; i++) {
            labels[i] = i;
        }
        size_t joins = (size_t)test_random_below(&random, COUNT);
        for (size_t join = 0; join < joins; join++) {
            uint32_t x = (uint32_t)test_random_below(&random, COUNT);
            uint32_t y = (uint32_t)test_random_below(&random, COUNT);
            uint32_t from = labels[x] > labels[y] ? labels[x] : labels[y];
            uint32_t to = labels[x] > labels[y] ? labels[y] : labels[x];
            ndup__union_find_join(&sets, x, y);
            for (size_t i = 0; i < COUNT; i++) {
                labels[i] = labels[i] == from ? to : labels[i];
            }
        }
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_u64_equal(ndup__union_find_root(&sets, i), labels[i]);
        }
        ndup__union_find_deinit(&sets);
    }
}

static void test_union_find__long_chains_are_followed(void **state)
{
    (void)state;
    enum { LONG = 200000 };
    ndup__union_find sets;
    ndup_error error;
    assert_ok(ndup__union_find_init(&sets, LONG, NULL, &error), &error);
    for (uint32_t i = LONG - 1; i > 0; i--) {
        ndup__union_find_join(&sets, i - 1, i);
    }
    for (uint32_t i = 0; i < LONG; i++) {
        assert_u64_equal(ndup__union_find_root(&sets, i), 0);
    }
    ndup__union_find_deinit(&sets);
}

static void test_union_find__memory_may_fail(void **state)
{
    (void)state;
    failing_allocator memory;
    ndup__union_find sets;
    ndup_error error;
    failing_allocator_init(&memory);
    failing_allocator_fail_at(&memory, 1);
    assert_status(ndup__union_find_init(&sets, 9, &memory.allocator, &error), NDUP_STATUS_MEMORY,
                  &error);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
}

TEST_MAIN(cmocka_unit_test(test_union_find__roots_are_the_least_elements),
          cmocka_unit_test(test_union_find__long_chains_are_followed),
          cmocka_unit_test(test_union_find__memory_may_fail))
