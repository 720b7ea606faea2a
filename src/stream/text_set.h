/* SPDX-License-Identifier: MIT */
/* A text as runs of dedup compare it. */
#ifndef NDUP__STREAM_TEXT_SET_H
#define NDUP__STREAM_TEXT_SET_H

#include "dedup/sets.h"

/* One text; the set borrows from it. Reused; see init. Threads: single-owner. */
typedef struct ndup__text_set {
    ndup__set set;
    ndup__set_reader reader; /* has the index of the set */
    uint64_t *repeats;
    size_t repeat_capacity;
} ndup__text_set;

void ndup__text_set_init(ndup__text_set *made, const ndup_allocator *allocator);
void ndup__text_set_deinit(ndup__text_set *made);

/* `number` tells it from others. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__text_set_make(ndup__text_set *made, uint32_t number,
                                               const ndup__shingling *shingling, ndup_text text,
                                               ndup_error *error);

#endif
