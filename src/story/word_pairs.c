/* SPDX-License-Identifier: MIT */
/* Sorted hashes of pairs, each once. */
#include "story/word_pairs.h"

#include "base/alloc.h"
#include "similarity/jaccard.h"
#include "text/shingle.h"

/* Of the pairs of words of the shorter text, the part that stands in the other. With a letter in
 * ten misread three in ten are whole. */
#define PAIRS_SHARED 0.15

ndup_status ndup__word_pairs_make(ndup__word_pairs *pairs, ndup__pair_maker *maker, ndup_text text,
                                  ndup_error *error)
{
    const ndup_allocator *allocator = maker->tokens.allocator;
    pairs->count = 0;
    ndup_status status =
        ndup__tokenize(&maker->tokens, NDUP__TOKEN_WORDS, text.bytes, text.length, error);
    size_t count = ndup__shingle_count(maker->tokens.count, 2);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &pairs->hashes, &pairs->capacity, count,
                               sizeof *pairs->hashes, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &maker->scratch, &maker->scratch_capacity, count,
                               sizeof *maker->scratch, error);
    }
    if (status == NDUP_STATUS_OK && count > 0) {
        ndup__shingle(pairs->hashes, maker->tokens.hashes, maker->tokens.count, 2);
        pairs->count = ndup__sort_distinct(pairs->hashes, maker->scratch, count);
    }
    return status;
}

bool ndup__word_pairs_shared(const ndup__word_pairs *x, const ndup__word_pairs *y)
{
    size_t shorter = x->count < y->count ? x->count : y->count;
    size_t least = (size_t)(PAIRS_SHARED * (double)shorter) + 1;
    return shorter > 0 &&
           ndup__intersection(x->hashes, x->count, y->hashes, y->count, least) >= least;
}

void ndup__word_pairs_deinit(ndup__word_pairs *pairs, const ndup_allocator *allocator)
{
    ndup__free(allocator, &pairs->hashes, pairs->capacity, sizeof *pairs->hashes);
}

void ndup__pair_maker_deinit(ndup__pair_maker *maker)
{
    ndup__free(maker->tokens.allocator, &maker->scratch, maker->scratch_capacity,
               sizeof *maker->scratch);
    ndup__tokens_deinit(&maker->tokens);
}
