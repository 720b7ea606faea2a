/* SPDX-License-Identifier: MIT */
/* Which source takes texts from which other: the matrix without its zeros. */
#ifndef NDUP__REPORT_SOURCE_PAIRS_H
#define NDUP__REPORT_SOURCE_PAIRS_H

#include "report/sources.h"

/* So many documents of one source were dropped for, or copied from, documents of another, or of the
 * same. */
typedef struct ndup__source_pair {
    uint32_t taker; /* rows of the sources */
    uint32_t giver;
    uint64_t documents;
    uint64_t tokens; /* of these that stand in the other's, where that is known */
} ndup__source_pair;

/* Zero-initialise. */
typedef struct ndup__source_pairs {
    ndup__source_pair *pairs; /* [count] */
    size_t count;
    size_t capacity;
} ndup__source_pairs;

/* Adds a document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__source_pairs_add(ndup__source_pairs *pairs,
                                                  const ndup_allocator *allocator, uint32_t taker,
                                                  uint32_t giver, uint64_t tokens,
                                                  ndup_error *error);

/* Makes one pair of those that are alike; those of one taker stand side by side then, most
 * documents first. Cost: n log n in the documents that were added. */
void ndup__source_pairs_join(ndup__source_pairs *pairs);

/* Counts the pairs of a result all documents of which were added to the sources, and joins them.
 * Survivors that are dropped too count for nobody. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__source_pairs_count(ndup__source_pairs *pairs,
                                                    const ndup__sources *sources,
                                                    const ndup_result *result, ndup_error *error);

/* Those of one taker, once joined: *count of them. */
const ndup__source_pair *ndup__source_pairs_of(size_t *count, const ndup__source_pairs *pairs,
                                               uint32_t taker);

void ndup__source_pairs_deinit(ndup__source_pairs *pairs, const ndup_allocator *allocator);

#endif
