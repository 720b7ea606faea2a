/* SPDX-License-Identifier: MIT */
/* Average-link clustering of a few items. */
#ifndef NDUP__STORY_AVERAGE_LINK_H
#define NDUP__STORY_AVERAGE_LINK_H

#include <stddef.h>
#include <stdint.h>

/* Most items that are linked at once. */
#define NDUP__LINKED_MOST 64

/* Items that weigh more than one (groups that stay whole) and the sums of scores between them.
 * Zero-initialise. Shapes: sums[i][k] == sums[k][i]; part[i]: the part that item i is in, numbered
 * by its least item. */
typedef struct ndup__linkage {
    size_t count;
    double sizes[NDUP__LINKED_MOST];
    double sums[NDUP__LINKED_MOST][NDUP__LINKED_MOST];
    size_t part[NDUP__LINKED_MOST];
} ndup__linkage;

/* Joins the two parts whose mean score is highest, as long as that is at least `bar`; of equal ones
 * those with the least items. `sizes` and `sums` are used up. Source: Sokal and Michener 1958.
 * Cost: cubic in the items. */
void ndup__average_link(ndup__linkage *linkage, double bar);

#endif
