/* SPDX-License-Identifier: MIT */
/* How alike two units are: exact sets of short shingles, shared runs of words, figures. */
#ifndef NDUP__REPEAT_COMPARE_H
#define NDUP__REPEAT_COMPARE_H

#include <stdbool.h>

#include "repeat/unit_profile.h"
#include "similarity/figures.h"
#include "similarity/spans.h"
#include "text/tokenize.h"

/* Characters in a shingle. Words are too coarse for captions of ten words: one changed word of ten
 * leaves a Jaccard similarity of .45 of 3-word shingles, but .7 of 5-character ones. */
#define NDUP__COMPARE_SHINGLE 5
#define NDUP__COMPARE_KEPT 64

/* One of the two units. words: its tokens in WORDS mode, borrowed. */
typedef struct ndup__compare_side {
    size_t unit;
    ndup_text text;
    const uint64_t *words;
    size_t word_count;
    uint64_t *shingles; /* ascending, distinct */
    size_t count;
    size_t capacity;
} ndup__compare_side;

/* Work space; zero-initialise, then ndup__comparer_init. Threads: single-owner. */
typedef struct ndup__comparer {
    const ndup_allocator *allocator;
    ndup__compare_side a;
    const ndup__compare_side *b;
    /* Sides that were compared before, by the low bits of the unit: the first line of a form is met
     * by all its copies. */
    ndup__compare_side kept[NDUP__COMPARE_KEPT];
    ndup__tokens characters; /* of one side */
    ndup__tokens numbers_a;  /* words with wants_numbers */
    ndup__tokens numbers_b;
    uint64_t *scratch;
    size_t scratch_capacity;
    ndup__figure_room figures;
    ndup__run_finder runs;
} ndup__comparer;

typedef struct ndup__likeness {
    double similarity;  /* Jaccard of the shingles */
    double containment; /* share of the smaller set that stands in the larger */
} ndup__likeness;

void ndup__comparer_init(ndup__comparer *comparer, const ndup_allocator *allocator);

/* Forgets the units of the document before. */
void ndup__comparer_reset(ndup__comparer *comparer);

/* Sets side a to a unit. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__comparer_set(ndup__comparer *comparer,
                                              const ndup__profile *profile, size_t unit,
                                              ndup_error *error);

/* Compares side a with another unit of the document. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__comparer_compare(ndup__comparer *comparer,
                                                  ndup__likeness *likeness,
                                                  const ndup__profile *profile, size_t unit,
                                                  ndup_error *error);

/* Whether the sides, as set and compared last, tell the same about other numbers. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__comparer_figures(ndup__comparer *comparer, bool *same,
                                                  ndup_error *error);

/* The share of the shorter side's words that stand in one piece in the other; for the sides as set
 * and compared last. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__comparer_longest(ndup__comparer *comparer, double *share,
                                                  ndup_error *error);

void ndup__comparer_deinit(ndup__comparer *comparer);

#endif
