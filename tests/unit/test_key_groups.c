/* SPDX-License-Identifier: MIT */
/* Equal keys against looking for them one by one. */
#include "base/key_groups.h"

#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { ITEMS_MOST = 200000, NONE = -1 };

/* What was visited: the first item of every item that another one came before, NONE for others. */
typedef struct visited {
    const uint32_t *classes; /* items of different ones are told apart; NULL: none are */
    int32_t firsts[ITEMS_MOST];
    uint32_t marks[ITEMS_MOST]; /* of first items: how often they were visited */
} visited;

static visited seen;
static uint32_t keys[ITEMS_MOST];
static uint32_t classes[ITEMS_MOST];
static uint32_t present[ITEMS_MOST];

static ndup_status note(void *context, uint32_t first, uint32_t item, uint32_t *mark, bool *differs,
                        ndup_error *error)
{
    visited *now = context;
    (void)error;
    assert_true(first < item);
    assert_u64_equal(keys[first], keys[item]);
    *differs = now->classes != NULL && now->classes[first] != now->classes[item];
    if (!*differs) {
        assert_u64_equal(*mark, now->marks[first]);
        assert_int_equal(now->firsts[item], NONE);
        now->firsts[item] = (int32_t)first;
        now->marks[first] = ++*mark;
    }
    return NDUP_STATUS_OK;
}

static void visit_all(size_t count, const uint32_t *use_classes, const uint32_t *use_present)
{
    ndup__key_groups space = {0};
    ndup_error error;
    memset(&seen, 0, sizeof seen);
    memset(seen.firsts, 0xFF, sizeof seen.firsts);
    seen.classes = use_classes;
    assert_ok(ndup__key_groups_visit(&space, keys, use_present, count, note, &seen, &error),
              &error);
    ndup__key_groups_deinit(&space);
}

static void test_key_groups__are_those_of_a_search_through_all(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    for (unsigned round = 0; round < 60; round++) {
        size_t count = (size_t)test_random_below(&random, round < 10 ? 4 : 400);
        uint64_t values = 1 + test_random_below(&random, 300);
        for (size_t i = 0; i < count; i++) {
            keys[i] = (uint32_t)(test_random_below(&random, values) * 0x9E3779B1u);
            classes[i] = (uint32_t)test_random_below(&random, 3);
            present[i] = (uint32_t)test_random_below(&random, 4);
        }
        const uint32_t *use_classes = round % 2 == 0 ? classes : NULL;
        const uint32_t *use_present = round % 3 == 0 ? present : NULL;
        visit_all(count, use_classes, use_present);
        for (size_t i = 0; i < count; i++) {
            int32_t expected = NONE;
            for (size_t k = 0; k < i && expected == NONE; k++) {
                bool same = keys[k] == keys[i] &&
                            (use_classes == NULL || classes[k] == classes[i]) &&
                            (use_present == NULL || (present[k] > 0 && present[i] > 0));
                expected = same ? (int32_t)k : NONE;
            }
            assert_int_equal(seen.firsts[i], expected);
        }
    }
}

/* Several partitions, and all items in one of them. */
static void test_key_groups__hold_for_many_items(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < ITEMS_MOST; i++) {
            size_t name = i % (ITEMS_MOST / 2);
            keys[i] = round == 0 ? (uint32_t)name * 0x9E3779B1u : (uint32_t)name;
        }
        visit_all(ITEMS_MOST, NULL, NULL);
        for (size_t i = 0; i < ITEMS_MOST; i++) {
            size_t half = ITEMS_MOST / 2;
            assert_int_equal(seen.firsts[i], i < half ? NONE : (int32_t)(i - half));
        }
    }
}

static ndup_status refuse(void *context, uint32_t first, uint32_t item, uint32_t *mark,
                          bool *differs, ndup_error *error)
{
    (void)first;
    (void)item;
    (void)mark;
    (void)differs;
    (void)error;
    ++*(unsigned *)context;
    return NDUP_STATUS_CANCELLED;
}

static void test_key_groups__end_with_the_first_failure(void **state)
{
    (void)state;
    ndup__key_groups space = {0};
    ndup_error error;
    unsigned calls = 0;
    memset(keys, 0, sizeof keys);
    assert_int_equal(ndup__key_groups_visit(&space, keys, NULL, 100, refuse, &calls, &error),
                     NDUP_STATUS_CANCELLED);
    assert_u64_equal(calls, 1);
    ndup__key_groups_deinit(&space);
    for (size_t n = 1; n <= 2; n++) {
        failing_allocator memory;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        space = (ndup__key_groups){.allocator = &memory.allocator};
        assert_status(ndup__key_groups_visit(&space, keys, NULL, 100, refuse, &calls, &error),
                      NDUP_STATUS_MEMORY, &error);
        ndup__key_groups_deinit(&space);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_key_groups__are_those_of_a_search_through_all),
          cmocka_unit_test(test_key_groups__hold_for_many_items),
          cmocka_unit_test(test_key_groups__end_with_the_first_failure))
