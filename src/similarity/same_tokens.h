/* SPDX-License-Identifier: MIT */
/* Whether texts share what their shingle hashes say: by the bytes of the tokens. */
#ifndef NDUP__SIMILARITY_SAME_TOKENS_H
#define NDUP__SIMILARITY_SAME_TOKENS_H

#include "similarity/shingle_index.h"

/* A text's tokens between zero bytes, one or more; the first byte is zero, and so are the last
 * nine. Threads: immutable. */
typedef struct ndup__token_text {
    const char *bytes;
    size_t length;
    size_t tokens;
} ndup__token_text;

/* Where tokens stand: how many begin before each block of 64 bytes. Reused from text to text:
 * zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__token_places {
    const ndup_allocator *allocator;
    ndup__token_text text;
    uint32_t *before; /* [blocks + 1] */
    size_t block;     /* in which the token asked for last stands */
    size_t capacity;
} ndup__token_places;

void ndup__token_places_deinit(ndup__token_places *places);

/* Corrects by the bytes of the tokens what shingle hashes say of an indexed text and the one that
 * has met the index last, of `count` shingles of `size` tokens: *shared and *distinct (of the
 * indexed text) come in as ndup__index_meet and the index have them. `repeats` as for
 * ndup__index_meet. A shingle whose hash stands in several places is compared with one of them
 * only, so that what is made to look alike counts as different. Cost: a comparison of memory for
 * each shared run. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__compare_tokens(size_t *shared, size_t *distinct,
                                                ndup__token_places places[2],
                                                const ndup__shingle_index *index,
                                                const ndup__token_text *indexed,
                                                const ndup__token_text *other, size_t count,
                                                const uint64_t *repeats, unsigned size,
                                                ndup_error *error);

#endif
