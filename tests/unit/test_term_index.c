/* SPDX-License-Identifier: MIT */
/* Which texts have a term, newest first, against lists. */
#include "story/term_index.h"

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

enum { TERMS = 500, ADDED = 20000 };

/* Many terms share their low bits, some are 0 and the highest. */
static uint32_t term_of(uint32_t number)
{
    return number == 0 ? 0 : number == 1 ? UINT32_MAX : number << 22 | number;
}

static void check_term(const ndup__term_index *index, const uint32_t *added, uint32_t number)
{
    uint32_t at = ndup__term_index_newest(index, term_of(number));
    for (uint32_t text = ADDED; text > 0; text--) {
        if (added[text - 1] == number) {
            assert_int_not_equal(at, NDUP__NO_POSTING);
            assert_int_equal(ndup__term_index_text(index, at), text - 1);
            at = ndup__term_index_older(index, at);
        }
    }
    assert_int_equal(at, NDUP__NO_POSTING);
}

static void test_term_index__lists_all_newest_first(void **state)
{
    (void)state;
    static uint32_t added[ADDED];
    ndup__term_index index = {.allocator = NULL};
    test_random random;
    ndup_error error;
    test_random_init(&random, 9);
    assert_int_equal(ndup__term_index_newest(&index, 7), NDUP__NO_POSTING);
    for (uint32_t text = 0; text < ADDED; text++) {
        added[text] = (uint32_t)test_random_below(&random, TERMS);
        assert_ok(ndup__term_index_add(&index, term_of(added[text]), text, &error), &error);
    }
    for (uint32_t number = 0; number < TERMS + 5; number++) {
        check_term(&index, added, number);
    }
    ndup__term_index_deinit(&index);
}

/* Texts up to `oldest` are gone, and room is made of their places. */
static void test_term_index__forgets_the_oldest(void **state)
{
    (void)state;
    static uint32_t added[ADDED];
    enum { KEPT = 700 };
    ndup__term_index index = {.allocator = NULL};
    test_random random;
    ndup_error error;
    test_random_init(&random, 3);
    for (uint32_t text = 0; text < ADDED; text++) {
        added[text] = (uint32_t)test_random_below(&random, TERMS) + text / 1000;
        assert_ok(ndup__term_index_add(&index, term_of(added[text]), text, &error), &error);
        if (text >= KEPT) {
            added[text - KEPT] = UINT32_MAX;
            ndup__term_index_forget(&index, text + 1 - KEPT);
        }
    }
    for (uint32_t number = 0; number < TERMS + ADDED / 1000; number++) {
        check_term(&index, added, number);
    }
    assert_true(index.posting_capacity < 4 * KEPT);
    assert_true(index.slot_count <= 4096);
    ndup__term_index_deinit(&index);
}

static ndup_status fill(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__term_index index = {.allocator = allocator};
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < 2000 && status == NDUP_STATUS_OK; i++) {
        status = ndup__term_index_add(&index, i * 7, i, error);
    }
    ndup__term_index_deinit(&index);
    return status;
}

static void test_term_index__leaks_nothing_without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(fill, NULL, 1) > 4);
}

TEST_MAIN(cmocka_unit_test(test_term_index__lists_all_newest_first),
          cmocka_unit_test(test_term_index__forgets_the_oldest),
          cmocka_unit_test(test_term_index__leaks_nothing_without_memory))
