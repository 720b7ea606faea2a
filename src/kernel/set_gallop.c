/* SPDX-License-Identifier: MIT */
/* Common elements of a small set and a much larger one. */
#include "kernel/set_intersection.h"

/* The first element of a non-empty ascending row that is >= value, or its end. */
static const uint64_t *lower_bound(const uint64_t *row, size_t count, uint64_t value)
{
    while (count > 1) {
        size_t half = count / 2;
        row += row[half - 1] < value ? half : 0;
        count -= half;
    }
    return row + (*row < value);
}

size_t ndup__set_gallop(const uint64_t *small, size_t small_count, const uint64_t *large,
                        size_t large_count, size_t least)
{
    const uint64_t *end = large + large_count;
    size_t shared = 0;
    for (size_t i = 0; i < small_count && large < end; i++) {
        if (shared + (small_count - i) < least) {
            break;
        }
        size_t left = (size_t)(end - large);
        size_t width = NDUP__SET_GALLOP_RATIO;
        while (width < left && large[width - 1] < small[i]) {
            width *= 2;
        }
        large = lower_bound(large, width < left ? width : left, small[i]);
        if (large < end && *large == small[i]) {
            shared++;
            large++;
        }
    }
    return shared;
}
