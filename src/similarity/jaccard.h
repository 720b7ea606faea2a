/* SPDX-License-Identifier: MIT */
/* Exact similarity of sorted sets. Source of the measures: Broder 1997. */
#ifndef NDUP__SIMILARITY_JACCARD_H
#define NDUP__SIMILARITY_JACCARD_H

#include <stddef.h>
#include <stdint.h>

/* Number of common elements of two ascending sets without repeats. As soon as fewer than `least`
 * can be reached, some number below `least` is returned instead. */
size_t ndup__intersection(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                          size_t least);

/* Fewest common elements with which sets of these sizes have Jaccard similarity >= threshold. */
size_t ndup__intersection_least(size_t a_count, size_t b_count, double threshold);

/* |A∩B| / |A∪B|; two empty sets give 0: they share nothing. */
double ndup__jaccard(size_t shared, size_t a_count, size_t b_count);

/* |A∩B| / |A|; 0 for an empty A. */
double ndup__containment(size_t shared, size_t a_count);

/* Number of common elements of two ascending multisets: each repeat counts as often as both have
 * it. */
size_t ndup__multiset_intersection(const uint64_t *a, size_t a_count, const uint64_t *b,
                                   size_t b_count);

#endif
