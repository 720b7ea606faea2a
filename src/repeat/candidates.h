/* SPDX-License-Identifier: MIT */
/* Earlier units of a document that a unit may be similar to, or contained in. */
#ifndef NDUP__REPEAT_CANDIDATES_H
#define NDUP__REPEAT_CANDIDATES_H

#include "repeat/unit_index.h"
#include "repeat/unit_profile.h"

#define NDUP__CANDIDATES_MOST 4

/* An earlier unit; share: how much of the shorter one's shingles the longer has, by the index. */
typedef struct ndup__candidate {
    size_t unit;
    double share;
} ndup__candidate;

/* A unit that may be a near repeat: a judged one that is the first with its tokens. */
typedef struct ndup__searched {
    uint32_t unit;
    uint32_t begin;     /* of its shingles among those of the document */
    uint32_t count;     /* of the shingles that are looked up */
    uint32_t shingles;  /* how many it has */
    uint32_t sampled;   /* how many a sample has, where there is any long unit */
    uint32_t least;     /* hits that another unit must have to be a candidate */
    uint32_t covered;   /* tokens of shorter units that may stand in it whole */
    bool of_characters; /* shingles are of characters, not of words */
} ndup__searched;

/* The units met so far. Reused: zero-initialise, set the allocator (also the index's), free at the
 * end. Threads: single-owner. */
typedef struct ndup__candidates {
    const ndup_allocator *allocator;
    ndup__unit_index index;
    ndup__searched *units; /* [unit_count], in order */
    size_t unit_count;
    size_t unit_capacity;
    bool has_long;      /* some unit is sampled */
    uint64_t *shingles; /* by the place of the tokens that they begin with */
    size_t shingle_capacity;
    uint8_t *counters; /* by the hash of a shingle */
    size_t counter_capacity;
    uint64_t counter_multiplier; /* of a shingle: the top bits of the product are its counter */
    unsigned counter_shift;
    ndup__candidate best[NDUP__CANDIDATES_MOST];
    size_t best_count;
} ndup__candidates;

/* Forgets all units and gets ready for those of a document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__candidates_reset(ndup__candidates *candidates,
                                                  const ndup__profile *profile, ndup_error *error);

/* Looks for the candidates of units[searched]: best[0..best_count), best first. */
void ndup__candidates_find(ndup__candidates *candidates, const ndup__profile *profile,
                           size_t searched);

/* Makes units[searched] a candidate of later ones. */
void ndup__candidates_add(ndup__candidates *candidates, size_t searched);

/* Whether a unit is long enough to be reported as a part of another, or as having one: anywhere in
 * it, or as its beginning or end. */
bool ndup__candidates_may_contain(const ndup__profile *profile, size_t unit, size_t other);
bool ndup__candidates_may_open(const ndup__profile *profile, size_t unit, size_t other);

/* Whether two fifths of a unit's shingles stand in the unit itself before, as far as they were
 * counted; more may seem to in very long units. */
bool ndup__candidates_are_doubled(const ndup__candidates *candidates, const ndup__searched *unit);

/* Whether a unit may stand whole in another one: all its shingles that were counted there, too, do.
 */
bool ndup__candidates_may_be_part(const ndup__candidates *candidates, const ndup__searched *unit);

void ndup__candidates_deinit(ndup__candidates *candidates);

#endif
