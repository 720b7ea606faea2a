/* SPDX-License-Identifier: MIT */
/* Sketches: fixed-size summaries of shingle sets from which similarity is estimated. */
#ifndef NEARDUP_SKETCH_H
#define NEARDUP_SKETCH_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One registered kind of sketch. */
typedef struct ndup_sketch_info {
    const char *name;
    const char *summary; /* one line, with the source paper */
    unsigned slot_bits;  /* bits of one slot in a stored row, beside what band keys need */
    unsigned slots_default;
    unsigned slots_min;
    unsigned slots_max; /* == slots_min where the kind has one size */
} ndup_sketch_info;

/* Number of registered kinds, and kind i (0 is the default). NULL past the end. Threads: immutable.
 */
NDUP_API size_t ndup_sketch_count(void);
NDUP_API const ndup_sketch_info *ndup_sketch_get(size_t i);

/* A kind with its slots and seed fixed. Threads: immutable once made. */
typedef struct ndup_sketcher ndup_sketcher;

/* kind NULL = the default kind, slots 0 = the kind's default. Errors: NOT_FOUND (names the kinds
 * there are), INVALID for a number of slots outside the kind's range, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_sketcher_new(ndup_sketcher **sketcher, const char *kind,
                                                      unsigned slots, uint64_t seed,
                                                      const ndup_allocator *allocator,
                                                      ndup_error *error);
NDUP_API void ndup_sketcher_free(ndup_sketcher *sketcher);
NDUP_API const ndup_sketch_info *ndup_sketcher_info(const ndup_sketcher *sketcher);
NDUP_API unsigned ndup_sketcher_slots(const ndup_sketcher *sketcher);

/* Makes the sketch of a set of 64-bit hashes. The hashes must be uniform (finalised) and may be in
 * any order; repeats do not matter for MinHash kinds but weigh in simhash64, which wants a set.
 * Shapes: state has ndup_sketcher_slots words. Empty: all bits one, similar to nothing.
 * Cost: linear in count; allocates nothing. */
NDUP_API void ndup_sketch_make(const ndup_sketcher *sketcher, uint32_t *state,
                               const uint64_t *hashes, size_t count);

/* state of the union of two sets whose states are given; `into` is changed.
 * Errors: UNSUPPORTED for simhash64, whose sketch does not determine the union's. */
NDUP_API NDUP_NODISCARD ndup_status ndup_sketch_merge(const ndup_sketcher *sketcher, uint32_t *into,
                                                      const uint32_t *from, ndup_error *error);

/* Estimated Jaccard similarity of the sets behind two states, in [0,1]. For the MinHash kinds
 * unbiased, with variance at most J(1-J)/slots. */
NDUP_API double ndup_sketch_estimate(const ndup_sketcher *sketcher, const uint32_t *a,
                                     const uint32_t *b);

/* Probability that one slot of two sketches agrees when the sets have this Jaccard similarity (J
 * itself for MinHash; for simhash64 of sets of equal size, Charikar 2002: 1 - acos(2J/(1+J))/pi).
 */
NDUP_API double ndup_sketch_collision(const ndup_sketch_info *kind, double similarity);

#ifdef __cplusplus
}
#endif
#endif
