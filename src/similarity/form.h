/* SPDX-License-Identifier: MIT */
/* Whether two texts that share most of their words share a form or a content. */
#ifndef NDUP__SIMILARITY_FORM_H
#define NDUP__SIMILARITY_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frequencies are counted up to here. */
#define NDUP__FREQUENCY_MOST 200

/* A form is what at least so many texts share: of two that are alike nothing tells which words
 * are a slot. */
#define NDUP__FORM_LEAST 3

/* Texts that differ in their figures are form reports where there are so many. */
#define NDUP__FORM_REPORTS 10

/* So many shingles in a row that the other has not, and few texts have, are no edit. */
#define NDUP__FORM_RUN 12

/* A pair's distinct shingles, counted by the number of texts that have them. */
typedef struct ndup__form_counts {
    uint32_t shared[NDUP__FREQUENCY_MOST + 1];
    uint32_t alone[2][NDUP__FREQUENCY_MOST + 1]; /* of a, of b */
    uint32_t places; /* runs of shingles that the other has not, in both texts */
} ndup__form_counts;

/* What the counts say. Shares are in [0,1]. */
typedef struct ndup__form_signs {
    uint32_t family; /* median number of texts that have a shared shingle */
    uint32_t many;   /* what so many texts have is the family's */
    double edits;    /* share of the rare shared shingles and the differences that edits explain */
    double own;      /* share of its shingles that each of the two has alone, the lesser */
    double runs[2];  /* share of a's, of b's that stand in long runs which the other has not */
    uint32_t places; /* where the two differ */
} ndup__form_signs;

/* An edit leaves the original wording in the other copies; a slot of a form does not. So where the
 * other lacks shingles that many texts have, an edit took them, and may have left as many that few
 * have. Shared shingles that few texts have are what copies share. */
void ndup__form_measure(ndup__form_signs *signs, const ndup__form_counts *counts);

/* Share of `count` shingles that stand in runs of NDUP__FORM_RUN or more among the marked ones. */
double ndup__share_in_runs(const uint64_t *marks, size_t count);

/* False where so much of both stands in the other that long runs cannot make a form of them. For
 * texts in which no shingle comes again; shares of shingles. */
bool ndup__runs_may_tell(double containment_a, double containment_b);

/* True where a is no copy of b, since what they share is a form: both have contents of their own,
 * or so much of a is its own that the rest is a quotation. A family tells contents from edits; of
 * two texts alone, only long runs do. */
bool ndup__is_form(const ndup__form_signs *signs);

/* How much of their numbers two texts must share that are of a family of so many, when `least` is
 * asked of form reports. A single text with other figures is a correction, unless hardly a figure
 * is left; where all figures are asked for, they are everywhere. */
double ndup__form_numbers_least(uint32_t family, double least);

#endif
