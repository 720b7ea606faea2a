/* SPDX-License-Identifier: MIT */
/* Which earlier units of a document share pairs of words with a new one. */
#ifndef NDUP__REPEAT_INDEX_H
#define NDUP__REPEAT_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Units that are remembered for one shingle: what stands in more of them tells little. */
#define NDUP__INDEX_UNITS_MOST 16

typedef struct ndup__index_slot {
    uint64_t shingle;
    uint32_t head; /* 1 + the last posting, 0 = free */
    uint32_t count;
} ndup__index_slot;

typedef struct ndup__index_posting {
    uint32_t unit;
    uint32_t next; /* 1 + a posting, 0 = none */
} ndup__index_posting;

/* An inverted index of one document, from shingles to the first units that have them. Reused:
 * zero-initialise, set the allocator, free at the end. Threads: single-owner. */
typedef struct ndup__unit_index {
    const ndup_allocator *allocator;
    ndup__index_slot *slots;
    size_t slot_capacity;
    size_t mask;
    uint64_t multiplier; /* of a shingle: the top bits of the product are its slot */
    unsigned shift;
    ndup__index_posting *postings;
    size_t posting_count;
    size_t posting_capacity;
    uint32_t *hits; /* by unit; 0 between queries */
    size_t hit_capacity;
    uint32_t *touched; /* units with hits, in the order of their first hit */
    size_t touched_count;
    size_t touched_capacity;
} ndup__unit_index;

/* Empties the index and makes room for `shingles` shingles of `units` units in all. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__unit_index_reset(ndup__unit_index *index, size_t shingles,
                                                  size_t units, ndup_error *error);

/* Counts for every unit added before how many of the shingles it has: hits[touched[i]], i <
 * touched_count, until ndup__unit_index_forget. Cost: count * NDUP__INDEX_UNITS_MOST at most. */
void ndup__unit_index_query(ndup__unit_index *index, const uint64_t *shingles, size_t count);

/* Sets the hits to 0 again. */
void ndup__unit_index_forget(ndup__unit_index *index);

/* Adds a unit; no more shingles in all than reset made room for. */
void ndup__unit_index_add(ndup__unit_index *index, const uint64_t *shingles, size_t count,
                          uint32_t unit);

void ndup__unit_index_deinit(ndup__unit_index *index);

#endif
