/* SPDX-License-Identifier: MIT */
/* What a page about stories keeps of every document while all of them pass by. */
#ifndef NDUP__PAGE_STORY_TALLY_H
#define NDUP__PAGE_STORY_TALLY_H

#include "neardup/group.h"
#include "report/source_matrix.h"

#define NDUP__NO_DAY INT32_MIN

/* A document that takes from another. */
typedef struct ndup__taking {
    uint32_t document;
    uint32_t of;
} ndup__taking;

/* Zero-initialise and set the allocator and sources.allocator. Memory: 12 bytes a document, 8 a
 * copy, and the names of the sources. */
typedef struct ndup__story_tally {
    const ndup_allocator *allocator;
    uint32_t *stories; /* [count] number of a document's story */
    int32_t *days;     /* [count] since 1970 */
    size_t count;
    size_t story_capacity;
    size_t day_capacity;
    ndup__taking *takings; /* [taking_count] */
    size_t taking_count;
    size_t taking_capacity;
    ndup__sources sources; /* documents; from the end on dropped = copies, repeated = copied */
    ndup__source_matrix matrix;
} ndup__story_tally;

/* Takes every document, in corpus order. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_tally_add(ndup__story_tally *tally,
                                                 const ndup_grouping *grouping,
                                                 const ndup_document *document, ndup_error *error);

/* After the last document: counts who copied whom, for a matrix of at most `most` sources. */
NDUP_NODISCARD ndup_status ndup__story_tally_end(ndup__story_tally *tally, size_t most,
                                                 ndup_error *error);

void ndup__story_tally_deinit(ndup__story_tally *tally);

#endif
