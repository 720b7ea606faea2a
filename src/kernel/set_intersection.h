/* SPDX-License-Identifier: MIT */
/* What all variants of set_intersection share: the way through sets of very different sizes, and
 * the step-by-step merge that the others end with. */
#ifndef NDUP__KERNEL_SET_INTERSECTION_H
#define NDUP__KERNEL_SET_INTERSECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"

/* Two sets and how far each has been read. */
typedef struct ndup__set_cursor {
    const uint64_t *a, *a_end;
    const uint64_t *b, *b_end;
    size_t shared; /* common elements found so far */
    size_t least;
} ndup__set_cursor;

/* Whether what is left can still bring `shared` to `least`. */
static inline bool ndup__set_in_reach(const ndup__set_cursor *at)
{
    size_t left_a = (size_t)(at->a_end - at->a);
    size_t left_b = (size_t)(at->b_end - at->b);
    return at->shared + (left_a < left_b ? left_a : left_b) >= at->least;
}

/* Merges step by step to the end of one of the sets. Advances without branches on the data: which
 * side moves is unpredictable. */
static inline size_t ndup__set_merge(ndup__set_cursor *at)
{
    enum { STRIDE = 64 }; /* steps between looks at whether `least` is still in reach */
    while (at->a < at->a_end && at->b < at->b_end) {
        if (!ndup__set_in_reach(at)) {
            break;
        }
        size_t left_a = (size_t)(at->a_end - at->a);
        size_t left_b = (size_t)(at->b_end - at->b);
        size_t steps = left_a < left_b ? left_a : left_b;
        const uint64_t *a = at->a;
        const uint64_t *b = at->b;
        size_t shared = at->shared;
        for (steps = steps < STRIDE ? steps : STRIDE; steps > 0; steps--) {
            uint64_t x = *a;
            uint64_t y = *b;
            shared += x == y;
            a += x <= y;
            b += y <= x;
        }
        at->a = a;
        at->b = b;
        at->shared = shared;
    }
    return at->shared;
}

/* From this ratio of sizes on, searching is faster than reading the greater set. */
#define NDUP__SET_GALLOP_RATIO 16

/* Looks for each element of the small set in the large one, from where the last search ended: in
 * steps of growing width, then by halving (Bentley and Yao 1976). */
size_t ndup__set_gallop(const uint64_t *small, size_t small_count, const uint64_t *large,
                        size_t large_count, size_t least);

/* Sets up the cursor; true when the answer is known without a merge, and left in at->shared. */
static inline bool ndup__set_start(ndup__set_cursor *at, const uint64_t *a, size_t a_count,
                                   const uint64_t *b, size_t b_count, size_t least)
{
    *at = (ndup__set_cursor){0};
    if (a_count == 0 || b_count == 0) {
        return true;
    }
    *at = (ndup__set_cursor){a, a + a_count, b, b + b_count, 0, least};
    if (!ndup__set_in_reach(at)) {
        return true;
    }
    if (a_count / NDUP__SET_GALLOP_RATIO >= b_count) {
        at->shared = ndup__set_gallop(b, b_count, a, a_count, least);
        return true;
    }
    if (b_count / NDUP__SET_GALLOP_RATIO >= a_count) {
        at->shared = ndup__set_gallop(a, a_count, b, b_count, least);
        return true;
    }
    return false;
}

#endif
