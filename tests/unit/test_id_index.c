/* SPDX-License-Identifier: MIT */
/* Documents by their ids. */
#include "eval/id_index.h"

#include <string.h>

#include "support/slots.h"
#include "support/test.h"

enum { IDS = 500 };

static char ids[IDS][TEST_NAME_BYTES];

static ndup_text id_of(size_t i)
{
    return (ndup_text){ids[i], strlen(ids[i])};
}

/* Every document has a class of its own, the first of an id the least. */
static void fill(ndup__table *table, const ndup__keep_policy *policy, size_t count)
{
    ndup_error error;
    ndup__table_init(table, policy, 0, NULL);
    for (size_t i = 0; i < count; i++) {
        ndup__sighting sighting = {.tokens = 1, .class_hash = {i, i}, .id = id_of(i)};
        assert_ok(ndup__table_add(table, &sighting, NULL, NULL, &error), &error);
    }
}

static void test_id_index__finds_the_first_of_an_id(void **state)
{
    (void)state;
    ndup__keep_policy policy = {0};
    ndup__table table;
    ndup__id_index index;
    ndup_error error;
    strcpy(ids[0], "a");
    strcpy(ids[1], "b");
    strcpy(ids[2], "a");
    strcpy(ids[3], "");
    fill(&table, &policy, 4);
    assert_ok(ndup__id_index_init(&index, &table, &error), &error);
    assert_u64_equal(ndup__id_index_class(&index, id_of(2)), 0);
    assert_u64_equal(ndup__id_index_class(&index, id_of(1)), 1);
    assert_u64_equal(ndup__id_index_class(&index, id_of(3)), 3);
    assert_u64_equal(ndup__id_index_class(&index, (ndup_text){"ab", 2}), NDUP__NO_CLASS);
    ndup__id_index_deinit(&index);
    ndup__table_deinit(&table);
}

/* The ids have one place in a table that looks at the low bits of their hash. */
static void test_id_index__ids_that_were_made_to_crowd_do_not(void **state)
{
    (void)state;
    ndup__keep_policy policy = {0};
    ndup__table table;
    ndup__id_index index;
    ndup_error error;
    uint64_t last = 0;
    for (size_t i = 0; i < IDS; i++) {
        (void)test_crowding_name(ids[i], &last);
    }
    fill(&table, &policy, IDS);
    assert_ok(ndup__id_index_init(&index, &table, &error), &error);
    for (size_t i = 0; i < IDS; i++) {
        assert_u64_equal(ndup__id_index_class(&index, id_of(i)), i);
    }
    assert_true(index.size <= (size_t)1 << TEST_NAMES_SHARE_BITS);
    assert_true(test_longest_run(index.slots, sizeof *index.slots, index.size) < IDS / 2);
    ndup__id_index_deinit(&index);
    ndup__table_deinit(&table);
}

TEST_MAIN(cmocka_unit_test(test_id_index__finds_the_first_of_an_id),
          cmocka_unit_test(test_id_index__ids_that_were_made_to_crowd_do_not))
