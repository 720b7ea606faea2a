/* SPDX-License-Identifier: MIT */
/* Which source's documents were dropped for which other source's: the matrix without its zeros. */
#ifndef NDUP__REPORT_SOURCE_PAIRS_H
#define NDUP__REPORT_SOURCE_PAIRS_H

#include "report/sources.h"

/* So many documents of one source were dropped for documents of another, or of the same. */
typedef struct ndup__source_pair {
    uint32_t dropped; /* rows of the sources */
    uint32_t kept;
    uint64_t documents;
} ndup__source_pair;

/* Zero-initialise. */
typedef struct ndup__source_pairs {
    ndup__source_pair *pairs; /* [count], those of one dropped source side by side, most first */
    size_t count;
    size_t capacity;
} ndup__source_pairs;

/* Counts the pairs of a result all documents of which were added to the sources. Survivors that are
 * dropped too count for nobody. Cost: n log n in the dropped documents, 16 bytes each. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__source_pairs_count(ndup__source_pairs *pairs,
                                                    const ndup__sources *sources,
                                                    const ndup_result *result, ndup_error *error);

/* Those of one dropped source: *count of them. */
const ndup__source_pair *ndup__source_pairs_of(size_t *count, const ndup__source_pairs *pairs,
                                               uint32_t dropped);

void ndup__source_pairs_deinit(ndup__source_pairs *pairs, const ndup_allocator *allocator);

#endif
