/* SPDX-License-Identifier: MIT */
/* What two sequences of tokens have in common, in the same order in both. */
#ifndef NDUP__SIMILARITY_ALIGN_H
#define NDUP__SIMILARITY_ALIGN_H

#include "similarity/edit_path.h"

/* A run of tokens that stands once in both. */
typedef struct ndup__aligned_gram {
    uint64_t hash;
    uint32_t at;
    uint32_t is_b;
} ndup__aligned_gram;

/* Work space and result, reused from pair to pair: zero-initialise, set allocator, free at the end.
 * Threads: single-owner. */
typedef struct ndup__aligner {
    const ndup_allocator *allocator;
    ndup__aligned_runs runs; /* the result */
    ndup__aligned_runs next;
    ndup__aligned_runs anchors;
    ndup__aligned_gram *grams;
    size_t gram_capacity;
    uint32_t *links; /* of the longest chain of anchors */
    size_t link_capacity;
    ndup__edit_path path;
} ndup__aligner;

/* Aligns a[a_count] and b[b_count], which are below 2^31 tokens. Nothing crosses: of what was moved
 * the most stays, the rest is told as taken out here and put in there. Between runs of eight or
 * three tokens that stand once in both, or nothing if both texts have 256 tokens together, no
 * alignment has more in common unless over 256 tokens must be taken out or put in. Cost: n log n,
 * and 512 comparisons a token at worst. Memory: 16 bytes a token at worst. Errors: MEMORY. Source:
 * anchors as in Heckel 1978, chained as in patience sorting; gaps by Myers 1986. */
NDUP_NODISCARD ndup_status ndup__align(ndup__aligner *aligner, const uint64_t *a, size_t a_count,
                                       const uint64_t *b, size_t b_count, ndup_error *error);
void ndup__aligner_deinit(ndup__aligner *aligner);

#endif
