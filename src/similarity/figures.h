/* SPDX-License-Identifier: MIT */
/* Whether two texts tell the same figures: what keeps form reports apart that share all their
 * words. */
#ifndef NDUP__SIMILARITY_FIGURES_H
#define NDUP__SIMILARITY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* The numbers of a text among its tokens, as hashes in any order, with repeats. Threads: immutable.
 */
typedef struct ndup__figures {
    const uint64_t *numbers;
    size_t number_count;
    const uint64_t *tokens; /* may be NULL where the numbers are not dense */
    size_t token_count;
} ndup__figures;

/* Work space, reused; zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__figure_room {
    const ndup_allocator *allocator;
    uint64_t *words;
    size_t capacity;
} ndup__figure_room;

/* Whether a text is full of numbers: a share of NDUP_NUMBER_SHARE of its tokens. */
bool ndup__figures_are_dense(size_t number_count, size_t token_count);

/* Jaccard similarity of the multisets of numbers. 1 when not both texts are dense with numbers, and
 * when they differ in more other words than numbers: then one is an edited copy and not the same
 * form filled in anew. The words are looked at only when the numbers alone agree less than
 * `enough`. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__figures_agreement(double *agreement, ndup__figure_room *room,
                                                   const ndup__figures *a, const ndup__figures *b,
                                                   double enough, ndup_error *error);

void ndup__figure_room_deinit(ndup__figure_room *room);

#endif
