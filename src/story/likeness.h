/* SPDX-License-Identifier: MIT */
/* How much of each of two texts stands in the other, where letters were misread and words parted or
 * joined. */
#ifndef NDUP__STORY_LIKENESS_H
#define NDUP__STORY_LIKENESS_H

#include "neardup/document.h"
#include "similarity/align.h"
#include "text/tokenize.h"

/* Work space, reused from pair to pair: initialise, free at the end. Threads: single-owner. */
typedef struct ndup__likeness {
    ndup__tokens of, own;
    ndup__aligner aligner;
} ndup__likeness;

void ndup__likeness_init(ndup__likeness *likeness, const ndup_allocator *allocator);
void ndup__likeness_deinit(ndup__likeness *likeness);

/* Shares of the tokens of `own` that stand in `of`, and of those of `of` that stand in `own`: in
 * stretches of four words or more that both have in the same order, in which words may differ whose
 * letters are mostly the same, in the same order. Figures that differ end a stretch. Errors:
 * MEMORY, LIMIT. Cost: that of ndup__align. */
NDUP_NODISCARD ndup_status ndup__likeness_find(double *share, double *of_share,
                                               ndup__likeness *likeness, ndup_text of,
                                               ndup_text own, ndup_error *error);

#endif
