/* SPDX-License-Identifier: MIT */
/* What all variants of sketch_round share: one element, and the count of empty slots. */
#ifndef NDUP__KERNEL_SKETCH_ROUND_H
#define NDUP__KERNEL_SKETCH_ROUND_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"

#define NDUP__SKETCH_VALUE_MASK (((uint32_t)1 << NDUP__SKETCH_VALUE_BITS) - 1)

static inline void ndup__offer(uint32_t *slot, uint32_t word)
{
    *slot = word < *slot ? word : *slot;
}

/* Round 0. */
static inline void ndup__offer_first(uint32_t *state, size_t slots, uint64_t hash)
{
    ndup__offer(&state[((hash >> 32) * slots) >> 32], (uint32_t)hash & NDUP__SKETCH_VALUE_MASK);
}

/* A later round: the hashes are uniform, so a multiplication by an odd constant gives the round its
 * own high bits, and folding them into the low ones its own values. */
static inline void ndup__offer_next(uint32_t *state, size_t slots, uint64_t hash, unsigned round,
                                    uint64_t multiplier)
{
    hash *= multiplier;
    uint32_t value = ((uint32_t)hash ^ (uint32_t)(hash >> 32)) & NDUP__SKETCH_VALUE_MASK;
    ndup__offer(&state[((hash >> 32) * slots) >> 32],
                value | (uint32_t)round << NDUP__SKETCH_VALUE_BITS);
}

/* Most vector loops stop before the last few hashes; this takes those. */
static inline void ndup__offer_all(uint32_t *state, size_t slots, const uint64_t *hashes,
                                   size_t count, unsigned round, uint64_t multiplier)
{
    for (size_t i = 0; i < count; i++) {
        if (round == 0) {
            ndup__offer_first(state, slots, hashes[i]);
        } else {
            ndup__offer_next(state, slots, hashes[i], round, multiplier);
        }
    }
}

static inline size_t ndup__count_empty(const uint32_t *state, size_t slots)
{
    size_t empty = 0;
    for (size_t i = 0; i < slots; i++) {
        empty += state[i] == UINT32_MAX;
    }
    return empty;
}

#endif
