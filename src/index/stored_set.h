/* SPDX-License-Identifier: MIT */
/* A list of tokens as a set of shingles, as runs have them: so that both are judged alike. */
#ifndef NDUP__INDEX_STORED_SET_H
#define NDUP__INDEX_STORED_SET_H

#include "dedup/sets.h"
#include "index/token_list.h"

/* One text; the set borrows from it. Reused; see init. Threads: single-owner. */
typedef struct ndup__stored_set {
    ndup__token_list list;
    ndup__set set;           /* without bytes of tokens */
    ndup__set_reader reader; /* holds the index of the set */
    uint64_t *shingles;
    size_t shingle_capacity;
    uint64_t *repeats;
    size_t repeat_capacity;
} ndup__stored_set;

void ndup__stored_set_init(ndup__stored_set *stored, const ndup_allocator *allocator);
void ndup__stored_set_deinit(ndup__stored_set *stored);

/* Makes the set of what stands in stored->list, with its index in stored->reader. `number` tells it
 * from others. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__stored_set_make(ndup__stored_set *stored, uint32_t number,
                                                 unsigned shingle_size, ndup_error *error);

#endif
