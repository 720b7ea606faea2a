/* SPDX-License-Identifier: MIT */
/* Which spans are one place, and which places one family. */
#include "passage/families.h"

#include <stdio.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

/* The families of passages, each two spans: "0: 1[0+20] 2[5+20]; 1: ..." in places. */
static void assert_families(const ndup__span *spans, size_t count, const char *expected)
{
    ndup__families families;
    ndup_error error;
    char found[400] = "";
    size_t used = 0;
    assert_ok(ndup__families_make(&families, spans, count, NULL, &error), &error);
    for (size_t i = 0; i < families.count; i++) {
        used += (size_t)sprintf(found + used, "%zu:", i);
        for (uint32_t k = families.first[i]; k < families.first[i + 1]; k++) {
            const ndup__span *span = &spans[families.order[k]];
            used += (size_t)sprintf(found + used, " %u[%u+%u]", span->document, span->token,
                                    span->tokens);
            assert_int_equal(families.family[families.order[k]], i);
        }
        used += (size_t)sprintf(found + used, "; ");
    }
    assert_string_equal(found, expected);
    ndup__families_deinit(&families);
}

static void test_families__of_nothing(void **state)
{
    (void)state;
    assert_families(NULL, 0, "");
}

static void test_families__a_passage_is_one(void **state)
{
    (void)state;
    static const ndup__span spans[] = {{3, 10, 20}, {7, 0, 21}};
    assert_families(spans, 2, "0: 3[10+20] 7[0+21]; ");
}

static void test_families__passages_that_share_a_place(void **state)
{
    (void)state;
    static const ndup__span spans[] = {
        {0, 0, 20}, {1, 0, 20}, {2, 0, 20}, {3, 0, 20}, {1, 2, 20}, {2, 0, 20},
    };
    assert_families(spans, 6, "0: 0[0+20] 1[0+20] 2[0+20] 3[0+20]; ");
}

static void test_families__half_an_overlap_is_another_place(void **state)
{
    (void)state;
    static const ndup__span half[] = {{0, 0, 20}, {1, 0, 20}, {0, 10, 20}, {2, 0, 20}};
    static const ndup__span more[] = {{0, 0, 20}, {1, 0, 20}, {0, 9, 20}, {2, 0, 20}};
    static const ndup__span within[] = {{0, 0, 40}, {1, 0, 40}, {0, 5, 20}, {2, 0, 20}};
    static const ndup__span mostly[] = {{0, 0, 40}, {1, 0, 40}, {0, 5, 21}, {2, 0, 21}};
    assert_families(half, 4, "0: 0[0+20] 1[0+20]; 1: 0[10+20] 2[0+20]; ");
    assert_families(more, 4, "0: 0[0+20] 1[0+20] 2[0+20]; ");
    assert_families(within, 4, "0: 0[0+40] 1[0+40]; 1: 0[5+20] 2[0+20]; ");
    assert_families(mostly, 4, "0: 0[0+40] 1[0+40] 2[0+21]; ");
}

static void test_families__come_by_their_first_places(void **state)
{
    (void)state;
    static const ndup__span spans[] = {{5, 0, 20}, {6, 0, 20}, {1, 50, 20},
                                       {9, 0, 20}, {1, 0, 20}, {2, 0, 20}};
    assert_families(spans, 6, "0: 1[0+20] 2[0+20]; 1: 1[50+20] 9[0+20]; 2: 5[0+20] 6[0+20]; ");
}

/* A text against itself would be one document twice. */
static void test_families__two_places_in_one_document(void **state)
{
    (void)state;
    static const ndup__span spans[] = {{0, 0, 20}, {1, 0, 20}, {0, 0, 20}, {1, 30, 20}};
    assert_families(spans, 4, "0: 0[0+20] 1[0+20] 1[30+20]; ");
}

static ndup_status make_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__families families;
    ndup_status status = ndup__families_make(&families, context, 200, allocator, error);
    ndup__families_deinit(&families);
    return status;
}

static void test_families__without_memory(void **state)
{
    (void)state;
    ndup__span spans[200];
    test_random random;
    test_random_init(&random, 6);
    for (size_t i = 0; i < 200; i++) {
        spans[i] = (ndup__span){(uint32_t)test_random_below(&random, 20),
                                (uint32_t)test_random_below(&random, 100), 20};
    }
    fault_loop(make_job, spans, 1);
}

TEST_MAIN(cmocka_unit_test(test_families__of_nothing),
          cmocka_unit_test(test_families__a_passage_is_one),
          cmocka_unit_test(test_families__passages_that_share_a_place),
          cmocka_unit_test(test_families__half_an_overlap_is_another_place),
          cmocka_unit_test(test_families__come_by_their_first_places),
          cmocka_unit_test(test_families__two_places_in_one_document),
          cmocka_unit_test(test_families__without_memory))
