/* SPDX-License-Identifier: MIT */
/* The inverted index of a document against counting by all pairs. */
#include "repeat/unit_index.h"

#include <stdbool.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/slots.h"
#include "support/test.h"

enum { UNITS = 40, SHINGLES = 30 };

typedef struct random_units {
    uint64_t shingles[UNITS][SHINGLES];
    size_t counts[UNITS];
    size_t total;
} random_units;

static void fill(random_units *units, test_random *random, uint64_t vocabulary)
{
    units->total = 0;
    for (size_t i = 0; i < UNITS; i++) {
        units->counts[i] = (size_t)test_random_below(random, SHINGLES + 1);
        units->total += units->counts[i];
        for (size_t k = 0; k < units->counts[i]; k++) {
            units->shingles[i][k] =
                (test_random_below(random, vocabulary) + 1) * 0x9E3779B97F4A7C15u;
        }
    }
}

static bool has(const random_units *units, size_t unit, uint64_t shingle)
{
    for (size_t k = 0; k < units->counts[unit]; k++) {
        if (units->shingles[unit][k] == shingle) {
            return true;
        }
    }
    return false;
}

/* How many of the shingles of `unit` an earlier one has, where only the first units with a shingle
 * are remembered. */
static uint32_t count_hits(const random_units *units, size_t unit, size_t earlier)
{
    uint32_t hits = 0;
    for (size_t k = 0; k < units->counts[unit]; k++) {
        uint64_t shingle = units->shingles[unit][k];
        size_t before = 0;
        for (size_t i = 0; i < earlier; i++) {
            before += has(units, i, shingle);
        }
        hits += has(units, earlier, shingle) && before < NDUP__INDEX_UNITS_MOST;
    }
    return hits;
}

static void test_unit_index__counts_what_all_pairs_count(void **state)
{
    test_random random;
    ndup__unit_index index = {.allocator = NULL};
    (void)state;
    test_random_init(&random, 7);
    for (int round = 0; round < 60; round++) {
        random_units units;
        fill(&units, &random, round % 2 == 0 ? 12 : 400);
        assert_ok(ndup__unit_index_reset(&index, units.total, UNITS, NULL), NULL);
        for (size_t i = 0; i < UNITS; i++) {
            ndup__unit_index_query(&index, units.shingles[i], units.counts[i]);
            size_t touched = 0;
            for (size_t k = 0; k < i; k++) {
                uint32_t hits = count_hits(&units, i, k);
                assert_int_equal(index.hits[k], hits);
                touched += hits > 0;
            }
            assert_int_equal(index.touched_count, touched);
            ndup__unit_index_forget(&index);
            ndup__unit_index_add(&index, units.shingles[i], units.counts[i], (uint32_t)i);
        }
    }
    ndup__unit_index_deinit(&index);
}

/* Whoever knows how words are hashed can have shingles with any bits in common. */
static void test_unit_index__shingles_that_were_made_to_crowd_do_not(void **state)
{
    (void)state;
    enum { MANY = 4000 };
    ndup__unit_index index = {0};
    ndup_error error;
    for (size_t s = 0; s < sizeof test_crowding_shifts / sizeof test_crowding_shifts[0]; s++) {
        uint64_t shingle = 0;
        assert_ok(ndup__unit_index_reset(&index, MANY, 1, &error), &error);
        for (size_t i = 0; i < MANY; i++) {
            ndup__unit_index_add(&index, &shingle, 1, 0);
            shingle += (uint64_t)1 << test_crowding_shifts[s];
        }
        assert_u64_equal(index.posting_count, MANY);
        assert_true(test_longest_run(index.slots, sizeof *index.slots, index.mask + 1) < MANY / 4);
    }
    ndup__unit_index_deinit(&index);
}

/* Each of the shingles of a unit that another one has none of is a shingle of its own, whatever
 * bits they share: what is found depends on no place in the table. */
static void test_unit_index__like_shingles_are_not_taken_for_one(void **state)
{
    (void)state;
    ndup__unit_index index = {0};
    ndup_error error;
    uint64_t first = 0x1234567800000005u;
    assert_ok(ndup__unit_index_reset(&index, 8, 1, &error), &error);
    ndup__unit_index_add(&index, &first, 1, 0);
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t other = first ^ (uint64_t)1 << bit;
        ndup__unit_index_query(&index, &other, 1);
        assert_u64_equal(index.touched_count, 0);
    }
    ndup__unit_index_query(&index, &first, 1);
    assert_u64_equal(index.touched_count, 1);
    ndup__unit_index_deinit(&index);
}

static void test_unit_index__memory_that_gives_out_is_told(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup__unit_index index = {.allocator = &memory.allocator};
        ndup_status status = ndup__unit_index_reset(&index, 3, 1, &error);
        ndup__unit_index_deinit(&index);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_unit_index__counts_what_all_pairs_count),
          cmocka_unit_test(test_unit_index__shingles_that_were_made_to_crowd_do_not),
          cmocka_unit_test(test_unit_index__like_shingles_are_not_taken_for_one),
          cmocka_unit_test(test_unit_index__memory_that_gives_out_is_told))
