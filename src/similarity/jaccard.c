/* SPDX-License-Identifier: MIT */
/* Merging sorted sets. */
#include "similarity/jaccard.h"

#include "kernel/kernel.h"

size_t ndup__intersection(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                          size_t least)
{
    return ndup__set_intersection(a, a_count, b, b_count, least);
}

double ndup__jaccard(size_t shared, size_t a_count, size_t b_count)
{
    size_t together = a_count + b_count - shared;
    return together == 0 ? 0 : (double)shared / (double)together;
}

size_t ndup__intersection_least(size_t a_count, size_t b_count, double threshold)
{
    /* shared / (a + b - shared) >= t  <=>  shared >= t (a + b) / (1 + t); the division may round
     * either way, so the exact comparison corrects it by one. */
    size_t shared = (size_t)(threshold * (double)(a_count + b_count) / (1 + threshold));
    while (shared > 0 && ndup__jaccard(shared - 1, a_count, b_count) >= threshold) {
        shared--;
    }
    while (ndup__jaccard(shared, a_count, b_count) < threshold && shared < a_count + b_count) {
        shared++;
    }
    return shared;
}

double ndup__containment(size_t shared, size_t a_count)
{
    return a_count == 0 ? 0 : (double)shared / (double)a_count;
}

size_t ndup__multiset_intersection(const uint64_t *a, size_t a_count, const uint64_t *b,
                                   size_t b_count)
{
    size_t shared = 0;
    size_t i = 0;
    size_t j = 0;
    while (i < a_count && j < b_count) {
        uint64_t x = a[i];
        uint64_t y = b[j];
        shared += x == y;
        i += x <= y;
        j += y <= x;
    }
    return shared;
}
