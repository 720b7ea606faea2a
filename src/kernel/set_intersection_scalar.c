/* SPDX-License-Identifier: MIT */
/* Common elements of two sorted sets: the definition. */
#include "kernel/set_intersection.h"

size_t ndup__set_intersection_scalar(const uint64_t *a, size_t a_count, const uint64_t *b,
                                     size_t b_count, size_t least)
{
    ndup__set_cursor at;
    if (ndup__set_start(&at, a, a_count, b, b_count, least)) {
        return at.shared;
    }
    return ndup__set_merge(&at);
}
