/* SPDX-License-Identifier: MIT */
/* A pair for every document that was taken; those of the same two sources become one. */
#include "report/source_pairs.h"

#include <stdlib.h>

#include "base/alloc.h"

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_rows(const void *left, const void *right)
{
    const ndup__source_pair *a = left;
    const ndup__source_pair *b = right;
    int order = compare_u64(a->taker, b->taker);
    return order != 0 ? order : compare_u64(a->giver, b->giver);
}

static int most_first(const void *left, const void *right)
{
    const ndup__source_pair *a = left;
    const ndup__source_pair *b = right;
    int order = compare_u64(a->taker, b->taker);
    order = order != 0 ? order : compare_u64(b->documents, a->documents);
    return order != 0 ? order : compare_u64(a->giver, b->giver);
}

ndup_status ndup__source_pairs_add(ndup__source_pairs *pairs, const ndup_allocator *allocator,
                                   uint32_t taker, uint32_t giver, uint64_t tokens,
                                   ndup_error *error)
{
    ndup_status status = ndup__reserve(allocator, &pairs->pairs, &pairs->capacity, pairs->count + 1,
                                       sizeof *pairs->pairs, error);
    if (status == NDUP_STATUS_OK) {
        pairs->pairs[pairs->count++] = (ndup__source_pair){taker, giver, 1, tokens};
    }
    return status;
}

void ndup__source_pairs_join(ndup__source_pairs *pairs)
{
    size_t kept = 0;
    if (pairs->count == 0) {
        return;
    }
    qsort(pairs->pairs, pairs->count, sizeof *pairs->pairs, by_rows);
    for (size_t i = 0; i < pairs->count; i++) {
        if (kept > 0 && by_rows(&pairs->pairs[kept - 1], &pairs->pairs[i]) == 0) {
            pairs->pairs[kept - 1].documents += pairs->pairs[i].documents;
            pairs->pairs[kept - 1].tokens += pairs->pairs[i].tokens;
        } else {
            pairs->pairs[kept++] = pairs->pairs[i];
        }
    }
    pairs->count = kept;
    qsort(pairs->pairs, pairs->count, sizeof *pairs->pairs, most_first);
}

ndup_status ndup__source_pairs_count(ndup__source_pairs *pairs, const ndup__sources *sources,
                                     const ndup_result *result, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    pairs->count = 0;
    for (uint64_t i = 0; i < sources->document_count && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept && verdict.survivor != i) {
            status = ndup__source_pairs_add(pairs, sources->allocator, sources->of_document[i],
                                            sources->of_document[verdict.survivor], 0, error);
        }
    }
    ndup__source_pairs_join(pairs);
    return status;
}

const ndup__source_pair *ndup__source_pairs_of(size_t *count, const ndup__source_pairs *pairs,
                                               uint32_t taker)
{
    size_t begin = 0;
    size_t end = pairs->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (pairs->pairs[middle].taker < taker) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    *count = 0;
    while (begin + *count < pairs->count && pairs->pairs[begin + *count].taker == taker) {
        ++*count;
    }
    return *count > 0 ? pairs->pairs + begin : NULL;
}

void ndup__source_pairs_deinit(ndup__source_pairs *pairs, const ndup_allocator *allocator)
{
    ndup__free(allocator, &pairs->pairs, pairs->capacity, sizeof *pairs->pairs);
    *pairs = (ndup__source_pairs){0};
}
