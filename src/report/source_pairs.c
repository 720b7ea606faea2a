/* SPDX-License-Identifier: MIT */
/* Which source's documents were dropped for which other source's. */
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
    int order = compare_u64(a->dropped, b->dropped);
    return order != 0 ? order : compare_u64(a->kept, b->kept);
}

static int most_first(const void *left, const void *right)
{
    const ndup__source_pair *a = left;
    const ndup__source_pair *b = right;
    int order = compare_u64(a->dropped, b->dropped);
    order = order != 0 ? order : compare_u64(b->documents, a->documents);
    return order != 0 ? order : compare_u64(a->kept, b->kept);
}

/* A pair for every dropped document. */
static ndup_status gather(ndup__source_pairs *pairs, const ndup__sources *sources,
                          const ndup_result *result, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < sources->document_count && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (verdict.kept || verdict.survivor == i) {
            continue;
        }
        status = ndup__reserve(sources->allocator, &pairs->pairs, &pairs->capacity,
                               pairs->count + 1, sizeof *pairs->pairs, error);
        if (status == NDUP_STATUS_OK) {
            pairs->pairs[pairs->count++] = (ndup__source_pair){
                sources->of_document[i], sources->of_document[verdict.survivor], 1};
        }
    }
    return status;
}

/* Makes one pair of those that stand side by side and are alike. */
static void join(ndup__source_pairs *pairs)
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        if (kept > 0 && by_rows(&pairs->pairs[kept - 1], &pairs->pairs[i]) == 0) {
            pairs->pairs[kept - 1].documents++;
        } else {
            pairs->pairs[kept++] = pairs->pairs[i];
        }
    }
    pairs->count = kept;
}

ndup_status ndup__source_pairs_count(ndup__source_pairs *pairs, const ndup__sources *sources,
                                     const ndup_result *result, ndup_error *error)
{
    pairs->count = 0;
    ndup_status status = gather(pairs, sources, result, error);
    if (status == NDUP_STATUS_OK && pairs->count > 0) {
        qsort(pairs->pairs, pairs->count, sizeof *pairs->pairs, by_rows);
        join(pairs);
        qsort(pairs->pairs, pairs->count, sizeof *pairs->pairs, most_first);
    }
    return status;
}

const ndup__source_pair *ndup__source_pairs_of(size_t *count, const ndup__source_pairs *pairs,
                                               uint32_t dropped)
{
    size_t begin = 0;
    size_t end = pairs->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (pairs->pairs[middle].dropped < dropped) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    *count = 0;
    while (begin + *count < pairs->count && pairs->pairs[begin + *count].dropped == dropped) {
        ++*count;
    }
    return *count > 0 ? pairs->pairs + begin : NULL;
}

void ndup__source_pairs_deinit(ndup__source_pairs *pairs, const ndup_allocator *allocator)
{
    ndup__free(allocator, &pairs->pairs, pairs->capacity, sizeof *pairs->pairs);
    *pairs = (ndup__source_pairs){0};
}
