/* SPDX-License-Identifier: MIT */
/* What a unit is to an earlier one that it was proposed with. */
#ifndef NDUP__REPEAT_PAIR_H
#define NDUP__REPEAT_PAIR_H

#include "neardup/flag.h"
#include "repeat/compare.h"
#include "repeat/unit_profile.h"
#include "repeat/wording.h"

/* Work space; zero-initialise, then ndup__pairs_init. Threads: single-owner. */
typedef struct ndup__pairs {
    double threshold; /* of near repeats */
    ndup__comparer comparer;
    ndup__wording_room words;
} ndup__pairs;

/* made has kind, unit, first, similarity, containment and the refrain that the pair is by its
 * words. */
typedef struct ndup__pair {
    bool repeats;
    bool replaces; /* a near repeat that says something else in some place */
    ndup_repeat made;
} ndup__pair;

void ndup__pairs_init(ndup__pairs *pairs, const ndup_allocator *allocator, double threshold);

/* Judges the unit that is the comparer's side a beside an earlier one. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__pair_judge(ndup__pair *pair, ndup__pairs *pairs,
                                            const ndup__profile *profile, size_t unit, size_t other,
                                            ndup_error *error);

/* Whether a is the stronger of two: what counts before a refrain, near before contained, a repeat
 * of what is none itself before a repeat of a repeat, then the more similar. */
bool ndup__pair_is_better(const ndup__profile *profile, const ndup__pair *a, const ndup__pair *b);

void ndup__pairs_deinit(ndup__pairs *pairs);

#endif
