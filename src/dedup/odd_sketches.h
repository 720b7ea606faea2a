/* SPDX-License-Identifier: MIT */
/* How much two sets differ, told by a few bytes of each: what spares look-alikes a comparison. */
#ifndef NDUP__DEDUP_ODD_SKETCHES_H
#define NDUP__DEDUP_ODD_SKETCHES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/breath.h"
#include "similarity/shingle_index.h"

/* Larger sets would fill the sketch, which then tells nothing. */
#define NDUP__ODD_MOST 2048
#define NDUP__ODD_WORDS 16
#define NDUP__ODD_CHUNKS 23 /* for 2^32 classes */

/* Bit b tells whether an odd number of shingles hash to b, so that what two sets share vanishes
 * from the exclusive or of their sketches, and the bits left count what they do not share. Source:
 * Mitzenmacher, Pagh and Pham 2014, section 3, on the sets themselves and not on their minima. */
typedef struct ndup__odd_sketch {
    uint64_t bits[NDUP__ODD_WORDS];
    size_t distinct; /* of the set; above NDUP__ODD_MOST there are no bits */
} ndup__odd_sketch;

/* The sketches of the classes that were asked for, each made once. Zero-initialise. Threads:
 * locked. */
typedef struct ndup__odd_sketches {
    const ndup_allocator *allocator;
    size_t class_count;
    atomic_uint *numbers; /* [class_count] 1 + the number of the sketch, 0 = none yet */
    ndup__odd_sketch *chunks[NDUP__ODD_CHUNKS];
    uint16_t *bits_most; /* [2 * NDUP__ODD_MOST + 1] by how many shingles are not shared;
 NULL before the first sketch */
    double threshold;
    bool is_made;
    pthread_mutex_t lock; /* guards what follows, and filling chunks */
    size_t count;
} ndup__odd_sketches;

NDUP_NODISCARD ndup_status ndup__odd_sketches_init(ndup__odd_sketches *sketches, size_t class_count,
                                                   double threshold,
                                                   const ndup_allocator *allocator,
                                                   const ndup__breath *breath, ndup_error *error);
void ndup__odd_sketches_deinit(ndup__odd_sketches *sketches);

/* The sketch of a class, or NULL when it was not made yet. */
const ndup__odd_sketch *ndup__odd_sketches_find(ndup__odd_sketches *sketches,
                                                uint32_t class_number);

/* Makes the sketch of a class from its indexed shingles. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__odd_sketches_make(const ndup__odd_sketch **sketch,
                                                   ndup__odd_sketches *sketches,
                                                   uint32_t class_number,
                                                   const ndup__shingle_index *index,
                                                   ndup_error *error);

/* False where the two sets are below the threshold; of pairs at the threshold, one in 30,000 is
 * taken for such. */
bool ndup__odd_sketches_may_match(const ndup__odd_sketches *sketches, const ndup__odd_sketch *a,
                                  const ndup__odd_sketch *b);

#endif
