/* SPDX-License-Identifier: MIT */
/* Units that have a passage twice inside: a body pasted again where line ends were lost. */
#ifndef NDUP__REPEAT_DOUBLED_H
#define NDUP__REPEAT_DOUBLED_H

#include "repeat/candidates.h"

/* Work space and the parted units. Reused: zero-initialise, then ndup__parter_init. Threads:
 * single-owner. */
typedef struct ndup__parter {
    const ndup_allocator *allocator;
    ndup__tokens tokens; /* of a unit, with offsets */
    uint32_t *slots;
    size_t slot_capacity;
    ndup_unit *units; /* [count] */
    size_t count;
    size_t capacity;
} ndup__parter;

void ndup__parter_init(ndup__parter *parter, const ndup_allocator *allocator);

/* Parts the units of which a third are passages that stood there before, before and behind all
 * occurrences; *any tells whether there are such. Only long units are looked at most of whose
 * shingles the candidates know to stand there more than once. Cost: linear. Errors: MEMORY, LIMIT.
 */
NDUP_NODISCARD ndup_status ndup__part_doubled(bool *any, ndup__parter *parter,
                                              const ndup__candidates *candidates,
                                              const ndup__profile *profile, ndup_error *error);

void ndup__parter_deinit(ndup__parter *parter);

#endif
