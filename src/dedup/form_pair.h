/* SPDX-License-Identifier: MIT */
/* The signs of a form in two texts that are alike. */
#ifndef NDUP__DEDUP_FORM_PAIR_H
#define NDUP__DEDUP_FORM_PAIR_H

#include "dedup/frequencies.h"

typedef struct ndup__form_side {
    const ndup__set *set;
    const uint64_t *met; /* bit per shingle: the other has it, too */
    uint64_t *own;       /* bit per shingle: it has it alone */
} ndup__form_side;

/* Work space, reused; zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__form_room {
    const ndup_allocator *allocator;
    uint64_t *bits; /* [capacity] met and own of both sides */
    size_t capacity;
    uint64_t most; /* greatest hash that was counted in both texts */
    ndup__form_side sides[2];
    ndup__form_counts counts;
} ndup__form_room;

/* Measures a pair; `index` is b's and has met a's shingles last. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__form_pair_measure(ndup__form_signs *signs, ndup__form_room *room,
                                                   const ndup__frequencies *frequencies,
                                                   const ndup__set *a, const ndup__set *b,
                                                   const ndup__shingle_index *index,
                                                   ndup_error *error);
void ndup__form_room_deinit(ndup__form_room *room);

#endif
