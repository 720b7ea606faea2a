/* SPDX-License-Identifier: MIT */
/* Where each shingle of a text stands, and which of them another text shares. */
#ifndef NDUP__SIMILARITY_SHINGLE_INDEX_H
#define NDUP__SIMILARITY_SHINGLE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A hash table over one text's shingles, in text order, and the last text that was met with it.
 * Places count from 1; 0 means none. Reused from text to text: zero-initialise and set the
 * allocator. Threads: single-owner. */
typedef struct ndup__shingle_index {
    const ndup_allocator *allocator;
    const uint64_t *shingles; /* [count] borrowed */
    size_t count;
    size_t distinct;
    uint64_t multiplier; /* of a shingle: the top bits of the product are its slot */
    unsigned shift;
    uint32_t *slots;    /* [2][slot count] first place of the shingle that took the slot */
    uint32_t *nexts;    /* [count] next place of the same shingle */
    uint32_t *meetings; /* [shingles of the other text] first place here of each */
    uint32_t *waiting;  /* [count] places whose first slot was taken */
    uint8_t *is_repeat; /* [count] whether an earlier place has the same shingle */
    size_t slot_capacity, next_capacity, meeting_capacity, waiting_capacity, repeat_capacity;
} ndup__shingle_index;

/* Indexes shingles[0..count), which must stay while the index is used. Cost: linear, for hostile
 * texts too: the slots depend on the key of the process. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__index_fill(ndup__shingle_index *index, const uint64_t *shingles,
                                            size_t count, ndup_error *error);

/* Marks in repeats[(count + 63) / 64], bit by bit, the places whose shingle comes again. */
void ndup__index_mark_repeats(uint64_t *repeats, const ndup__shingle_index *index);

/* Looks up other[0..count) and counts the distinct shingles that both texts have; `repeats` are
 * those of the other text, NULL when there are none. As soon as fewer than `least` can be reached,
 * some number below `least` is the result and the meetings are incomplete. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__index_meet(size_t *shared, ndup__shingle_index *index,
                                            const uint64_t *other, size_t count,
                                            const uint64_t *repeats, size_t least,
                                            ndup_error *error);

void ndup__index_deinit(ndup__shingle_index *index);

#endif
