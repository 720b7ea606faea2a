/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots: the definition. The function of a slot is multiply-add with the
 * high bits taken (Dietzfelbinger 1996). */
#include "kernel/kernel.h"

static uint64_t least_value(uint64_t multiplier, uint64_t addend, const uint64_t *hashes,
                            size_t count)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = multiplier * hashes[i] + addend;
        least = value < least ? value : least;
    }
    return least;
}

void ndup__minhash_fill_scalar(uint32_t *state, size_t slots, const uint64_t *multipliers,
                               const uint64_t *addends, const uint64_t *hashes, size_t count,
                               unsigned bits, uint32_t tag)
{
    for (size_t i = 0; i < slots; i++) {
        if (state[i] == UINT32_MAX) {
            uint64_t least = least_value(multipliers[i], addends[i], hashes, count);
            state[i] = tag | (uint32_t)(least >> (64 - bits));
        }
    }
}
