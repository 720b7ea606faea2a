/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots: the definition. The hashes are uniform, so that a slot's
 * function need only permute their low 32 bits: it multiplies them by an odd number. */
#include "kernel/kernel.h"

static uint32_t least_value(uint32_t multiplier, const uint64_t *hashes, size_t count)
{
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = multiplier * (uint32_t)hashes[i];
        least = value < least ? value : least;
    }
    return least;
}

void ndup__minhash_fill_scalar(uint32_t *state, size_t slots, const uint32_t *multipliers,
                               const uint64_t *hashes, size_t count)
{
    for (size_t i = 0; i < slots; i++) {
        if (state[i] == UINT32_MAX) {
            uint32_t least = least_value(multipliers[i], hashes, count);
            state[i] = NDUP__SKETCH_FILLED | least >> (32 - NDUP__SKETCH_VALUE_BITS);
        }
    }
}
