/* SPDX-License-Identifier: MIT */
/* Whether two texts tell the same figures: what keeps form reports apart that share all their
 * words. */
#ifndef NDUP__SIMILARITY_FIGURES_H
#define NDUP__SIMILARITY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers of a text among its tokens, as hashes; both ascending with repeats. Threads:
 * immutable. */
typedef struct ndup__figures {
    const uint64_t *numbers;
    size_t number_count;
    const uint64_t *tokens; /* may be NULL where the numbers are not dense */
    size_t token_count;
} ndup__figures;

/* Whether a text is full of numbers: a share of NDUP_NUMBER_SHARE of its tokens. */
bool ndup__figures_are_dense(size_t number_count, size_t token_count);

/* Jaccard similarity of the multisets of numbers. 1 when not both texts are dense with numbers, and
 * when they differ in more other words than numbers: then one is an edited copy and not the same
 * form filled in anew. */
double ndup__figures_agreement(const ndup__figures *a, const ndup__figures *b);

/* Sorts token or number hashes, keeping repeats. */
void ndup__figures_sort(uint64_t *hashes, size_t count);

#endif
