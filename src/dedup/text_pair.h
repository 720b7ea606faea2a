/* SPDX-License-Identifier: MIT */
/* How alike two texts are, and nothing more. */
#ifndef NDUP__DEDUP_TEXT_PAIR_H
#define NDUP__DEDUP_TEXT_PAIR_H

#include "pipeline/options.h"
#include "text/tokens.h"

/* The shingles of a text, each once, ascending. */
typedef struct ndup__shingle_list {
    uint64_t *shingles;
    size_t count, capacity;
} ndup__shingle_list;

/* Work space, reused: zero-initialise, set allocator, shingling and tokens.allocator, free at the
 * end. Threads: single-owner. */
typedef struct ndup__text_pair {
    const ndup_allocator *allocator;
    ndup__shingling shingling;
    ndup__tokens tokens;
    ndup__shingle_list lists[2];
    uint64_t *scratch;
    size_t scratch_capacity;
} ndup__text_pair;

/* The shingles of a text in their order, with those that come again; *list is borrowed from the
 * pair. Errors: MEMORY, LIMIT for 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__text_pair_read(ndup__shingle_list **list, ndup__text_pair *pair,
                                                ndup_text text, ndup_error *error);

/* The Jaccard similarity of the two sets of shingles. Cost: that of sorting them. Errors: MEMORY,
 * LIMIT for 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__text_pair_similarity(double *similarity, ndup__text_pair *pair,
                                                      ndup_text a, ndup_text b, ndup_error *error);

void ndup__text_pair_deinit(ndup__text_pair *pair);

#endif
