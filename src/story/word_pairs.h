/* SPDX-License-Identifier: MIT */
/* Texts as their pairs of words: which are worth looking at for copies with damage. */
#ifndef NDUP__STORY_WORD_PAIRS_H
#define NDUP__STORY_WORD_PAIRS_H

#include "neardup/document.h"
#include "text/tokenize.h"

/* Texts of a story that one is compared with: the last ones before it. */
#define NDUP__LOOKED_BACK 32

/* A text as its pairs of words. Zero-initialise. */
typedef struct ndup__word_pairs {
    uint32_t document;
    uint64_t *hashes; /* [count], ascending */
    size_t count, capacity;
} ndup__word_pairs;

/* Work space; zero-initialise and set the allocator of the tokens. Threads: single-owner. */
typedef struct ndup__pair_maker {
    ndup__tokens tokens;
    uint64_t *scratch;
    size_t scratch_capacity;
} ndup__pair_maker;

/* Errors: MEMORY, LIMIT. Cost: that of sorting the pairs. */
NDUP_NODISCARD ndup_status ndup__word_pairs_make(ndup__word_pairs *pairs, ndup__pair_maker *maker,
                                                 ndup_text text, ndup_error *error);

/* Whether two texts share so many pairs that one may be the other with damage. */
bool ndup__word_pairs_shared(const ndup__word_pairs *x, const ndup__word_pairs *y);

void ndup__word_pairs_deinit(ndup__word_pairs *pairs, const ndup_allocator *allocator);
void ndup__pair_maker_deinit(ndup__pair_maker *maker);

#endif
