/* SPDX-License-Identifier: MIT */
/* In how many texts terms stand. */
#ifndef NDUP__STORY_TERM_COUNTS_H
#define NDUP__STORY_TERM_COUNTS_H

#include "story/story_terms.h"

/* More texts are not told apart: in a corpus of which this is less than all that matter, a pair of
 * words in so many means nothing. */
#define NDUP__PAIR_TEXTS_MOST UINT16_MAX

/* Counters with room for pairs, of which most stand in one text, and for words. A count may be too
 * high by chance, never too low. Source: Estan and Varghese 2002 (conservative update of a
 * count-min sketch, Cormode and Muthukrishnan 2005). Threads: one adds at a time; then any may ask.
 */
typedef struct ndup__term_counts {
    const ndup_allocator *allocator;
    uint32_t *words; /* [2][word_cells] */
    size_t word_cells;
    uint16_t *pairs; /* [2][pair_cells] */
    size_t pair_cells;
    uint64_t texts;
} ndup__term_counts;

/* `tokens`: of all texts, which bounds how many pairs there are. Memory: 4 bytes a token, 64 KiB at
 * least, 1 GiB at most, and 32 MiB. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__term_counts_init(ndup__term_counts *counts, uint64_t tokens,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__term_counts_deinit(ndup__term_counts *counts);

/* Counts the terms of one text, each once. */
void ndup__term_counts_add(ndup__term_counts *counts, const ndup__term *terms, size_t count);

/* Makes room for the terms of more texts, which have so many tokens in all, up to a number of
 * counters of pairs; counts stay. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__term_counts_widen(ndup__term_counts *counts, uint64_t tokens,
                                                   size_t most, ndup_error *error);

/* Halves all counts, rounded down, and the number of texts. */
void ndup__term_counts_halve(ndup__term_counts *counts);

/* Says that a term will be asked for soon: its cells are seldom in the cache. */
void ndup__term_counts_prefetch(const ndup__term_counts *counts, const ndup__term *term);

/* In how many texts a term stands. */
uint32_t ndup__term_counts_get(const ndup__term_counts *counts, const ndup__term *term);

#endif
