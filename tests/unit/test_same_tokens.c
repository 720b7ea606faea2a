/* SPDX-License-Identifier: MIT */
/* Comparing by the bytes of tokens, against sets of strings, with hashes that meet on purpose. */
#include "similarity/same_tokens.h"

#include <stdio.h>
#include <string.h>

#include "text/shingle.h"

#include "support/failing_allocator.h"
#include "support/random.h"
#include "support/test.h"

enum { MOST = 90, WORDS_MOST = 12, SIZE = 3, WORD_BYTES = 24 };

/* Two texts over few words, of which `alike` have the same hash. */
typedef struct text_pair {
    unsigned words[2][MOST];
    size_t counts[2];
    char bytes[2][MOST * WORD_BYTES];
    ndup__token_text texts[2];
    uint64_t shingles[2][MOST];
    size_t shingle_counts[2];
} text_pair;

/* Words of one to twenty bytes. */
static int spell(char *out, unsigned word)
{
    return snprintf(out, WORD_BYTES, "%.*s%u", (int)(word % 3 * 9), "abcdefghijklmnopqrst", word);
}

static void finish_text(text_pair *pair, unsigned which, test_random *random, unsigned alike)
{
    uint64_t hashes[MOST];
    char *at = pair->bytes[which];
    size_t count = pair->counts[which];
    *at++ = 0;
    for (size_t i = 0; i < count; i++) {
        at += spell(at, pair->words[which][i]) + 1;
        for (uint64_t zeros = test_random_below(random, 3); zeros > 0; zeros--) {
            *at++ = 0;
        }
        hashes[i] = (pair->words[which][i] / alike + 1) * 0x9E3779B97F4A7C15u;
    }
    memset(at, 0, 9);
    at += 9;
    pair->texts[which] =
        (ndup__token_text){pair->bytes[which], (size_t)(at - pair->bytes[which]), count};
    pair->shingle_counts[which] = ndup__shingle_count(count, SIZE);
    ndup__shingle(pair->shingles[which], hashes, count, SIZE);
}

static void fill(text_pair *pair, test_random *random, unsigned alike)
{
    unsigned words = 1 + (unsigned)test_random_below(random, WORDS_MOST);
    pair->counts[0] = 1 + (size_t)test_random_below(random, MOST / 2);
    pair->counts[1] = 1 + (size_t)test_random_below(random, MOST / 2);
    for (size_t i = 0; i < MOST / 2; i++) {
        pair->words[0][i] = (unsigned)test_random_below(random, words);
        bool copies = test_random_chance(random, 0.8);
        pair->words[1][i] = copies ? pair->words[0][i] : (unsigned)test_random_below(random, words);
    }
    finish_text(pair, 0, random, alike);
    finish_text(pair, 1, random, alike);
}

/* Whether the shingle of a text stands before place `end` of another. */
static bool stands_before(const text_pair *pair, unsigned which, size_t place, unsigned other,
                          size_t end)
{
    size_t window = pair->counts[which] < SIZE ? pair->counts[which] : SIZE;
    size_t window_of_other = pair->counts[other] < SIZE ? pair->counts[other] : SIZE;
    for (size_t i = 0; i < end && window == window_of_other; i++) {
        if (memcmp(pair->words[which] + place, pair->words[other] + i,
                   window * sizeof **pair->words) == 0) {
            return true;
        }
    }
    return false;
}

static void naive_counts(size_t *shared, size_t *distinct, const text_pair *pair)
{
    *shared = *distinct = 0;
    for (size_t i = 0; i < pair->shingle_counts[1]; i++) {
        *shared += !stands_before(pair, 1, i, 1, i) &&
                   stands_before(pair, 1, i, 0, pair->shingle_counts[0]);
    }
    for (size_t i = 0; i < pair->shingle_counts[0]; i++) {
        *distinct += !stands_before(pair, 0, i, 0, i);
    }
}

static ndup_status compare(size_t *shared, size_t *distinct, const text_pair *pair,
                           const ndup_allocator *allocator, ndup_error *error)
{
    ndup__shingle_index index = {.allocator = allocator};
    ndup__shingle_index of_other = {.allocator = allocator};
    ndup__token_places places[2] = {{.allocator = allocator}, {.allocator = allocator}};
    uint64_t repeats[MOST / 64 + 1] = {0};
    size_t count = pair->shingle_counts[1];
    ndup_status status =
        ndup__index_fill(&index, pair->shingles[0], pair->shingle_counts[0], error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__index_fill(&of_other, pair->shingles[1], count, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__index_mark_repeats(repeats, &of_other);
        status = ndup__index_meet(shared, &index, pair->shingles[1], count, repeats, 0, error);
    }
    if (status == NDUP_STATUS_OK) {
        *distinct = index.distinct;
        status = ndup__compare_tokens(shared, distinct, places, &index, &pair->texts[0],
                                      &pair->texts[1], count, repeats, SIZE, error);
    }
    ndup__index_deinit(&index);
    ndup__index_deinit(&of_other);
    ndup__token_places_deinit(&places[0]);
    ndup__token_places_deinit(&places[1]);
    return status;
}

static void check_rounds(unsigned rounds, unsigned alike)
{
    test_random random;
    test_random_init(&random, alike);
    for (unsigned round = 0; round < rounds; round++) {
        static text_pair pair;
        size_t shared, distinct, naive_shared, naive_distinct;
        ndup_error error;
        fill(&pair, &random, alike);
        assert_ok(compare(&shared, &distinct, &pair, NULL, &error), &error);
        naive_counts(&naive_shared, &naive_distinct, &pair);
        if (alike == 1) {
            assert_u64_equal(shared, naive_shared);
            assert_u64_equal(distinct, naive_distinct);
        } else {
            assert_true(shared <= naive_shared);
            assert_true(distinct >= naive_distinct);
        }
    }
}

static void test_same_tokens__honest_hashes_give_what_naive_code_gives(void **state)
{
    (void)state;
    check_rounds(3000, 1);
}

/* Nothing is taken for shared that is not, and no shingle for a repeat that is none. */
static void test_same_tokens__hashes_that_meet_make_nothing_more_alike(void **state)
{
    (void)state;
    check_rounds(3000, 2);
    check_rounds(3000, 5);
    check_rounds(1000, 100);
}

static void test_same_tokens__failing_allocations_leave_nothing(void **state)
{
    (void)state;
    static text_pair pair;
    test_random random;
    failing_allocator allocator;
    ndup_status status = NDUP_STATUS_MEMORY;
    test_random_init(&random, 2);
    failing_allocator_init(&allocator);
    fill(&pair, &random, 1);
    for (size_t call = 1; status != NDUP_STATUS_OK; call++) {
        size_t shared, distinct;
        ndup_error error;
        failing_allocator_fail_at(&allocator, call);
        status = compare(&shared, &distinct, &pair, &allocator.allocator, &error);
        if (status != NDUP_STATUS_OK) {
            assert_status(status, NDUP_STATUS_MEMORY, &error);
        }
        assert_u64_equal(failing_allocator_live_blocks(&allocator), 0);
    }
}

TEST_MAIN(cmocka_unit_test(test_same_tokens__honest_hashes_give_what_naive_code_gives),
          cmocka_unit_test(test_same_tokens__hashes_that_meet_make_nothing_more_alike),
          cmocka_unit_test(test_same_tokens__failing_allocations_leave_nothing))
