/* SPDX-License-Identifier: MIT */
/* What a run remembers: ids, classes, ranks, repeated ids. */
#include "dedup/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/slots.h"
#include "support/test.h"

enum { DOCUMENTS = 2000, CELLS = 3 };

typedef struct fixture {
    ndup__arena strings;
    ndup__keep_policy policy;
    ndup__table table;
    char ids[DOCUMENTS][40];
    unsigned classes[DOCUMENTS]; /* hash of document i is that of class classes[i] */
    bool protections[DOCUMENTS];
} fixture;

static fixture it;

/* Documents of `kinds` different texts and `names` different ids. */
static void fill(test_random *random, uint64_t kinds, uint64_t names)
{
    for (size_t i = 0; i < DOCUMENTS; i++) {
        uint64_t name = names == 0 ? i * 7919 % DOCUMENTS : test_random_below(random, names);
        it.classes[i] = (unsigned)test_random_below(random, kinds);
        it.protections[i] = test_random_chance(random, 0.1);
        snprintf(it.ids[i], sizeof it.ids[i], "%.*sid-%u", (int)(name % 20), "abcdefghijklmnopqrst",
                 (unsigned)name);
    }
}

static ndup_status add(size_t i, ndup_error *error)
{
    const uint8_t row[CELLS] = {(uint8_t)it.classes[i], 1, 2};
    ndup__keep_value values[NDUP__KEEP_ELEMENTS] = {{.number = it.classes[i] % 5}};
    ndup__sighting sighting = {
        .place = i * 100,
        .length = (uint32_t)i,
        .tokens = 5,
        .text_length = (uint32_t)i * 2,
        .is_protected = it.protections[i],
        .text_hash = i * 31,
        .class_hash = {it.classes[i] * 0x9E3779B97F4A7C15u, it.classes[i]},
        .id = {it.ids[i], strlen(it.ids[i])},
    };
    return ndup__table_add(&it.table, &sighting, row, values, error);
}

static void build(const char *chain, const ndup_allocator *allocator)
{
    ndup_error error;
    it.strings = (ndup__arena){0};
    assert_ok(ndup__keep_parse(&it.policy, chain, &it.strings, &error), &error);
    ndup__table_init(&it.table, &it.policy, CELLS, allocator);
}

static void tear_down_table(void)
{
    ndup__table_deinit(&it.table);
    ndup__arena_deinit(&it.strings);
}

static void add_all(void)
{
    ndup_error error;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        assert_ok(add(i, &error), &error);
    }
    ndup__table_seal(&it.table);
}

static void test_table__documents_keep_what_they_came_with(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 1);
    fill(&random, 300, 0);
    build("first", NULL);
    add_all();
    assert_u64_equal(it.table.count, DOCUMENTS);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        ndup_text id = ndup__table_id(&it.table, i);
        assert_u64_equal(id.length, strlen(it.ids[i]));
        assert_memory_equal(id.bytes, it.ids[i], id.length);
        assert_u64_equal(it.table.places[i], i * 100);
        assert_u64_equal(it.table.text_hashes[i], i * 31);
        assert_u64_equal(it.table.text_lengths[i], i * 2);
        uint32_t class_number = it.table.classes[i];
        assert_u64_equal(it.table.rows[class_number * CELLS], it.classes[i] % 256);
    }
    tear_down_table();
}

static void test_table__equal_texts_share_a_class(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 2);
    fill(&random, 500, 0);
    build("first", NULL);
    add_all();
    size_t distinct = 0;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        size_t first = 0;
        while (it.classes[first] != it.classes[i]) {
            first++;
        }
        distinct += first == i;
        assert_u64_equal(it.table.classes[i], it.table.classes[first]);
        assert_u64_equal(it.table.class_documents[it.table.classes[i]], first);
    }
    assert_u64_equal(it.table.class_count, distinct);
    tear_down_table();
}

static const char *rank_chain;

/* Protected first, then by the value (or the number), then by id, then by number. */
static int compare_documents(const void *left, const void *right)
{
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    if (it.protections[a] != it.protections[b]) {
        return it.protections[b] - it.protections[a];
    }
    if (strcmp(rank_chain, "first") != 0) {
        int order = (int)(it.classes[a] % 5) - (int)(it.classes[b] % 5);
        order = order != 0 ? order : strcmp(it.ids[a], it.ids[b]);
        if (order != 0) {
            return order;
        }
    }
    return (a > b) - (a < b);
}

static void check_ranks(const char *chain)
{
    size_t order[DOCUMENTS];
    bool seen[DOCUMENTS] = {false};
    size_t rank = 0;
    ndup_error error;
    rank_chain = chain;
    build(chain, NULL);
    add_all();
    assert_ok(ndup__table_rank(&it.table, &error), &error);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        order[i] = i;
    }
    qsort(order, DOCUMENTS, sizeof *order, compare_documents);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        uint32_t class_number = it.table.classes[order[i]];
        if (!seen[class_number]) {
            seen[class_number] = true;
            assert_u64_equal(it.table.class_documents[class_number], order[i]);
            assert_u64_equal(ndup__table_class_at(&it.table, rank), class_number);
            assert_u64_equal(ndup__table_rank_of(&it.table, class_number), rank);
            rank++;
        }
    }
    assert_u64_equal(rank, it.table.class_count);
    tear_down_table();
}

static void test_table__ranks_equal_a_plain_sort(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 3);
    for (int round = 0; round < 10; round++) {
        fill(&random, 200 + (uint64_t)round * 300, round % 2 == 0 ? 0 : 900);
        check_ranks("first");
        check_ranks("shortest");
    }
}

static void note_repeat(void *context, size_t document, size_t first)
{
    size_t *firsts = context;
    assert_u64_equal(firsts[document], SIZE_MAX);
    firsts[document] = first;
}

static void test_table__repeated_ids_name_their_first(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 4);
    for (uint64_t names = 0; names < 4000; names = names * 4 + 30) {
        static size_t firsts[DOCUMENTS];
        uint64_t repeats;
        uint64_t expected = 0;
        ndup_error error;
        fill(&random, 100, names);
        build("first", NULL);
        add_all();
        memset(firsts, 0xFF, sizeof firsts);
        assert_ok(ndup__table_repeated_ids(&repeats, &it.table, note_repeat, firsts, &error),
                  &error);
        for (size_t i = 0; i < DOCUMENTS; i++) {
            size_t first = 0;
            while (strcmp(it.ids[first], it.ids[i]) != 0) {
                first++;
            }
            assert_u64_equal(firsts[i], first == i ? SIZE_MAX : first);
            expected += first != i;
        }
        assert_u64_equal(repeats, expected);
        tear_down_table();
    }
}

/* The table is three quarters full where a run is longest. */
static void test_table__texts_that_were_made_to_crowd_do_not(void **state)
{
    (void)state;
    enum { MANY = 12000 };
    ndup__keep_policy policy = {0};
    ndup_error error;
    for (size_t s = 0; s < sizeof test_crowding_shifts / sizeof test_crowding_shifts[0]; s++) {
        ndup__table table;
        ndup__table_init(&table, &policy, 0, NULL);
        for (uint64_t i = 0; i < MANY; i++) {
            ndup__sighting sighting = {.tokens = 1,
                                       .class_hash = {i << test_crowding_shifts[s], i << 40}};
            assert_ok(ndup__table_add(&table, &sighting, NULL, NULL, &error), &error);
        }
        assert_u64_equal(table.class_count, MANY);
        assert_true(test_longest_run(table.slots, sizeof *table.slots, table.slot_count) <
                    MANY / 4);
        ndup__table_deinit(&table);
    }
}

static void test_table__memory_may_fail(void **state)
{
    (void)state;
    test_random random;
    test_random_init(&random, 5);
    fill(&random, DOCUMENTS, 0);
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error;
        ndup_status status = NDUP_STATUS_OK;
        uint64_t repeats;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        build("longest", &memory.allocator);
        for (size_t i = 0; i < DOCUMENTS && status == NDUP_STATUS_OK; i++) {
            status = add(i, &error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__table_rank(&it.table, &error);
        }
        if (status == NDUP_STATUS_OK) {
            static size_t firsts[DOCUMENTS];
            memset(firsts, 0xFF, sizeof firsts);
            status = ndup__table_repeated_ids(&repeats, &it.table, note_repeat, firsts, &error);
        }
        tear_down_table();
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_table__documents_keep_what_they_came_with),
          cmocka_unit_test(test_table__equal_texts_share_a_class),
          cmocka_unit_test(test_table__ranks_equal_a_plain_sort),
          cmocka_unit_test(test_table__repeated_ids_name_their_first),
          cmocka_unit_test(test_table__texts_that_were_made_to_crowd_do_not),
          cmocka_unit_test(test_table__memory_may_fail))
