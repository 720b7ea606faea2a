/* SPDX-License-Identifier: MIT */
/* Which grams are shared, and where they stand, against counting one by one. */
#include "passage/fingerprints.h"

#include <stdlib.h>
#include <string.h>

#include "support/fault_loop.h"
#include "support/random.h"
#include "support/test.h"

enum { DOCUMENTS = 60, GRAMS_MOST = 400, IN_MEMORY = 1 << 24 };

/* Documents as lists of grams. */
typedef struct made_grams {
    ndup__gram items[DOCUMENTS][GRAMS_MOST];
    size_t counts[DOCUMENTS];
} made_grams;

static made_grams made;

/* Hashes below `vocabulary`, spread over all partitions; `token` is the place in the list. */
static void make_grams(uint64_t vocabulary, size_t most, uint64_t seed)
{
    test_random random;
    test_random_init(&random, seed);
    for (size_t d = 0; d < DOCUMENTS; d++) {
        made.counts[d] = (size_t)test_random_below(&random, most + 1);
        for (size_t i = 0; i < made.counts[d]; i++) {
            uint64_t hash = test_random_below(&random, vocabulary) * 0x9E3779B97F4A7C15u;
            made.items[d][i] = (ndup__gram){hash, (uint32_t)i, (uint32_t)d, (uint32_t)i};
        }
    }
}

static ndup_status seal_all(ndup__fingerprints *found, uint64_t memory, uint64_t most,
                            const ndup_allocator *allocator, ndup_error *error)
{
    ndup__fingerprint_options options = {
        .memory_bytes = memory, .documents_most = most, .allocator = allocator};
    ndup__pool *pool = NULL;
    ndup_status status = ndup__fingerprints_init(found, &options, error);
    for (size_t d = 0; d < DOCUMENTS && status == NDUP_STATUS_OK; d++) {
        status = ndup__fingerprints_add(found, made.items[d], made.counts[d], error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__pool_new(&pool, 2, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__fingerprints_seal(found, pool, error);
    }
    ndup__pool_free(pool);
    return status;
}

static size_t count_places(uint64_t hash, size_t document, size_t before)
{
    size_t count = 0;
    for (size_t i = 0; i < before; i++) {
        count += made.items[document][i].hash == hash;
    }
    return count;
}

static size_t count_documents(uint64_t hash)
{
    size_t count = 0;
    for (size_t d = 0; d < DOCUMENTS; d++) {
        count += count_places(hash, d, made.counts[d]) > 0;
    }
    return count;
}

/* Whether gram i of a document is to be a posting. */
static bool is_posting(size_t document, size_t i, uint64_t most)
{
    uint64_t hash = made.items[document][i].hash;
    size_t documents = count_documents(hash);
    return documents >= 2 && documents <= most &&
           count_places(hash, document, i) < NDUP__PLACES_MOST;
}

/* The mentions of a document are its grams that are shared. */
static void check_document(const ndup__fingerprints *found, size_t document, uint64_t most)
{
    const ndup__posting *postings = found->postings.bytes;
    const uint64_t *mentions;
    bool is_mentioned[GRAMS_MOST] = {false};
    size_t count = ndup__fingerprints_mentions(&mentions, found, (uint32_t)document);
    for (size_t i = 0; i < count; i++) {
        const ndup__posting *posting = &postings[mentions[i]];
        assert_true(i == 0 || mentions[i - 1] < mentions[i]);
        assert_int_equal(posting->document, document);
        assert_false(is_mentioned[posting->token]);
        is_mentioned[posting->token] = true;
        assert_int_equal(posting->before, document);
        assert_int_equal(posting->behind, posting->token);
    }
    for (size_t i = 0; i < made.counts[document]; i++) {
        assert_int_equal(is_mentioned[i], is_posting(document, i, most));
    }
}

static uint64_t hash_at(const ndup__posting *posting)
{
    return made.items[posting->document][posting->token].hash;
}

/* The postings of a gram stand side by side, by document, then token; the first says so. */
static void check_order(const ndup__fingerprints *found)
{
    const ndup__posting *postings = found->postings.bytes;
    size_t count = found->postings.total / sizeof *postings;
    for (size_t i = 0; i < count; i++) {
        bool is_first = i == 0 || hash_at(&postings[i]) != hash_at(&postings[i - 1]);
        assert_int_equal(postings[i].is_first, is_first);
        assert_true(is_first || postings[i - 1].document < postings[i].document ||
                    (postings[i - 1].document == postings[i].document &&
                     postings[i - 1].token < postings[i].token));
    }
}

static void check_counts(const ndup__fingerprints *found, uint64_t vocabulary, uint64_t most)
{
    uint64_t shared = 0, common = 0, common_most = 0;
    for (uint64_t word = 0; word < vocabulary; word++) {
        uint64_t documents = count_documents(word * 0x9E3779B97F4A7C15u);
        shared += documents >= 2 && documents <= most;
        common += documents > most;
        common_most = documents > most && documents > common_most ? documents : common_most;
    }
    assert_u64_equal(found->shared, shared);
    assert_u64_equal(found->common, common);
    assert_u64_equal(found->common_most, common_most);
}

static void check_all(uint64_t vocabulary, size_t grams, uint64_t memory, uint64_t most)
{
    ndup__fingerprints found;
    ndup_error error;
    make_grams(vocabulary, grams, vocabulary + grams);
    assert_ok(seal_all(&found, memory, most, NULL, &error), &error);
    assert_int_equal(found.spilled_bytes > 0, memory < IN_MEMORY && grams > 0);
    check_order(&found);
    check_counts(&found, vocabulary, most);
    for (size_t d = 0; d < DOCUMENTS; d++) {
        check_document(&found, d, most);
    }
    ndup__fingerprints_deinit(&found);
}

static void test_fingerprints__are_those_that_several_documents_have(void **state)
{
    (void)state;
    check_all(2000, 60, IN_MEMORY, 1000);
    check_all(2000, 60, 1000, 1000);
    check_all(300, 60, IN_MEMORY, 1000);
}

static void test_fingerprints__of_too_many_documents_are_common(void **state)
{
    (void)state;
    check_all(700, 60, IN_MEMORY, 3);
    check_all(700, 60, 1000, 2);
}

static void test_fingerprints__repeated_grams_keep_their_first_places(void **state)
{
    (void)state;
    check_all(8, GRAMS_MOST, IN_MEMORY, 1000);
    check_all(1, GRAMS_MOST, 1000, 1000);
}

static void test_fingerprints__of_nothing(void **state)
{
    (void)state;
    check_all(1, 0, IN_MEMORY, 1000);
}

static ndup_status seal_job(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__fingerprints found;
    ndup_status status = seal_all(&found, *(uint64_t *)context, 1000, allocator, error);
    ndup__fingerprints_deinit(&found);
    return status;
}

static void test_fingerprints__without_memory(void **state)
{
    (void)state;
    uint64_t memory[] = {IN_MEMORY, 3000};
    make_grams(100, 10, 3);
    fault_loop(seal_job, &memory[0], 50);
    fault_loop(seal_job, &memory[1], 50);
}

TEST_MAIN(cmocka_unit_test(test_fingerprints__are_those_that_several_documents_have),
          cmocka_unit_test(test_fingerprints__of_too_many_documents_are_common),
          cmocka_unit_test(test_fingerprints__repeated_grams_keep_their_first_places),
          cmocka_unit_test(test_fingerprints__of_nothing),
          cmocka_unit_test(test_fingerprints__without_memory))
