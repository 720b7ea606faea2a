/* SPDX-License-Identifier: MIT */
/* What two texts share: grams at the same place grow to maximal runs of tokens, and runs that
 * follow each other closely are one passage. */
#ifndef NDUP__PASSAGE_CHAIN_H
#define NDUP__PASSAGE_CHAIN_H

#include "passage/winnow.h"

/* A gram that stands at token `a` of one text and at token `b` of the other. */
typedef struct ndup__meeting {
    uint32_t a;
    uint32_t b;
} ndup__meeting;

/* Tokens [a, a + tokens) of the one are tokens [b, b + tokens) of the other, and neither can be
 * longer. */
typedef struct ndup__token_run {
    uint32_t a;
    uint32_t b;
    uint32_t tokens;
} ndup__token_run;

/* Two spans that are the same but for small edits. Units: tokens; `longest` as passage_text.h
 * counts them. */
typedef struct ndup__token_passage {
    uint32_t a, a_tokens;
    uint32_t b, b_tokens;
    uint32_t matched; /* tokens that stand in both, in the same order */
    uint32_t longest; /* what its longest run counts */
} ndup__token_passage;

/* Work space and results, reused from pair to pair; zero-initialise and set allocator and least.
 * Threads: single-owner. */
typedef struct ndup__chainer {
    const ndup_allocator *allocator;
    unsigned least; /* words that a passage must share in one run, and that may lie between two */
    ndup__token_run *runs; /* [run_count], by a, then b; those of less than `least` words, too */
    size_t run_count, run_capacity;
    ndup__token_passage *passages; /* [count], by a, then b */
    size_t count, capacity;
    uint32_t *rows; /* of the alignment of gaps */
    size_t row_capacity;
} ndup__chainer;

/* Finds the passages of two texts from the grams that they share, in any order, which is changed.
 * Errors: MEMORY. Cost: linear in the runs, and in meetings that are not in one; the gaps between
 * runs are aligned, by the product of their lengths. */
NDUP_NODISCARD ndup_status ndup__chain(ndup__chainer *chainer, const ndup__passage_text *a,
                                       const ndup__passage_text *b, ndup__meeting *meetings,
                                       size_t count, ndup_error *error);
void ndup__chainer_deinit(ndup__chainer *chainer);

/* Jaccard similarity of the aligned tokens, in (0,1]: the matched ones by all. */
double ndup__passage_similarity(const ndup__token_passage *passage);

#endif
