/* SPDX-License-Identifier: MIT */
/* One unit that is many others again: a print version, a description, a copy without breaks. */
#ifndef NDUP__REPEAT_GATHERED_H
#define NDUP__REPEAT_GATHERED_H

#include "repeat/candidates.h"

#define NDUP__FIRST_TOKENS 4096

/* A unit that begins with the four tokens of a slot. */
typedef struct ndup__opening {
    uint32_t unit;
    uint32_t next; /* 1 + another one of the slot, 0 = none */
} ndup__opening;

/* A unit that stands whole in a gathering one. */
typedef struct ndup__gathered {
    uint32_t unit; /* the part */
    uint32_t whole;
} ndup__gathered;

/* Work space; zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__gatherer {
    const ndup_allocator *allocator;
    ndup__opening *openings;
    size_t opening_count;
    size_t opening_capacity;
    uint32_t *slots;
    size_t slot_capacity;
    uint64_t firsts[NDUP__FIRST_TOKENS / 64]; /* a bit for the token that each begins with */
    ndup__gathered *found; /* [count], whole by whole, in the order of the text of each */
    size_t count;
    size_t capacity;
} ndup__gatherer;

/* Finds the units of which half or more are two other units at least. Only units are looked
 * at of which the index of candidates says that half of them may stand elsewhere. Cost: linear.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__gather(ndup__gatherer *gatherer,
                                        const ndup__candidates *candidates,
                                        const ndup__profile *profile, ndup_error *error);

void ndup__gatherer_deinit(ndup__gatherer *gatherer);

#endif
