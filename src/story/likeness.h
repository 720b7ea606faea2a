/* SPDX-License-Identifier: MIT */
/* How much of each of two texts stands in the other, where letters were misread and words parted or
 * joined. */
#ifndef NDUP__STORY_LIKENESS_H
#define NDUP__STORY_LIKENESS_H

#include <stdbool.h>

#include "neardup/document.h"
#include "similarity/align.h"
#include "text/tokenize.h"

/* What two texts have in common. */
typedef struct ndup__shares {
    double share;         /* of the tokens of the one that stand in the other */
    double of_share;      /* of those of the other */
    double other_figures; /* of the figures of the one, those that the other has others for */
    double other_words;   /* the same of its words that are no figures, damaged ones too */
    double damaged; /* of what it has others for, the part that is damaged and no other word */
    double words;   /* of the one */
} ndup__shares;

/* Whether two texts differ as fillings of a form do, and not as a copy with damage does. */
bool ndup__shares_are_form(const ndup__shares *shares);

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
NDUP_NODISCARD ndup_status ndup__likeness_find(ndup__shares *shares, ndup__likeness *likeness,
                                               ndup_text of, ndup_text own, ndup_error *error);

#endif
