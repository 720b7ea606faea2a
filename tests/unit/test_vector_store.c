/* SPDX-License-Identifier: MIT */
/* Vectors stay where they are and what they are, in memory and in files. */
#include "story/vector_store.h"

#include <string.h>

#include "base/alloc.h"
#include "support/fault_loop.h"
#include "support/test.h"

/* More than are held in memory: 256 terms of 8 bytes each. */
enum { VECTORS = 40000, FEW = 300 };

static uint32_t terms_of(uint32_t number)
{
    return number % 1000 == 0 ? 0 : NDUP__TERMS_KEPT - number % 7;
}

static ndup_status add(ndup__vector_store *store, ndup__term_vector *vector, uint32_t number,
                       ndup_error *error)
{
    *vector = (ndup__term_vector){.count = terms_of(number)};
    ndup_status status = ndup__resize(store->allocator, &vector->terms, 0, vector->count,
                                      sizeof *vector->terms, error);
    for (uint32_t i = 0; i < vector->count && status == NDUP_STATUS_OK; i++) {
        vector->terms[i] =
            (ndup__weighted_term){.term = (number + i) & INT32_MAX, .weight = (float)i};
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__vectors_keep(store, vector, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__term_vector_free(vector, store->allocator);
    }
    return status;
}

static void check(const ndup__term_vector *vector, uint32_t number)
{
    assert_int_equal(vector->count, terms_of(number));
    for (uint32_t i = 0; i < vector->count; i++) {
        assert_int_equal(vector->terms[i].term, number + i);
    }
}

static void test_vector_store__keeps_what_it_lets_go(void **state)
{
    (void)state;
    static ndup__term_vector vectors[VECTORS];
    ndup__vector_store store = {.allocator = NULL};
    ndup_error error;
    for (uint32_t i = 0; i < VECTORS; i++) {
        assert_ok(add(&store, &vectors[i], i, &error), &error);
        if (i % 10000 == 7) {
            ndup__vectors_let_go(&store, &vectors[i / 2]);
        }
    }
    assert_true(store.total > NDUP__VECTORS_HELD);
    assert_true(store.columns[0].file < 0);
    assert_true(store.columns[store.count - 1].file >= 0);
    ndup__vectors_let_go(&store, &vectors[VECTORS - 1]);
    ndup__vectors_let_go(&store, &vectors[0]); /* which has none */
    for (uint32_t i = 0; i < VECTORS; i++) {
        check(&vectors[i], i);
    }
    ndup__vectors_deinit(&store);
}

static ndup_status keep_few(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup__vector_store store = {.allocator = allocator};
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 1; i < FEW && status == NDUP_STATUS_OK; i++) {
        ndup__term_vector vector;
        status = add(&store, &vector, i, error);
    }
    ndup__vectors_deinit(&store);
    return status;
}

static void test_vector_store__leaks_nothing_without_memory(void **state)
{
    (void)state;
    assert_true(fault_loop(keep_few, NULL, 7) > 40);
}

TEST_MAIN(cmocka_unit_test(test_vector_store__keeps_what_it_lets_go),
          cmocka_unit_test(test_vector_store__leaks_nothing_without_memory))
