/* SPDX-License-Identifier: MIT */
/* What all variants of bin_minima share: one element, and the greatest word. */
#ifndef NDUP__KERNEL_BIN_MINIMA_H
#define NDUP__KERNEL_BIN_MINIMA_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/kernel.h"

#define NDUP__SKETCH_VALUE_MASK (((uint32_t)1 << NDUP__SKETCH_VALUE_BITS) - 1)

static inline void ndup__offer(uint32_t *slot, uint32_t word)
{
    *slot = word < *slot ? word : *slot;
}

/* Most vector loops stop before the last few hashes; this takes those. */
static inline void ndup__offer_all(uint32_t *state, size_t slots, const uint64_t *hashes,
                                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ndup__offer(&state[((hashes[i] >> 32) * slots) >> 32],
                    (uint32_t)hashes[i] & NDUP__SKETCH_VALUE_MASK);
    }
}

/* All ones where a slot is empty. */
static inline uint32_t ndup__greatest(const uint32_t *state, size_t slots)
{
    uint32_t most = 0;
    for (size_t i = 0; i < slots; i++) {
        most = state[i] > most ? state[i] : most;
    }
    return most;
}

#endif
