/* SPDX-License-Identifier: MIT */
/* Votes of hashes for the bits of a SimHash: the definition. */
#include "base/hash.h"
#include "kernel/kernel.h"

void ndup__bit_votes_scalar(uint32_t *ones, const uint64_t *hashes, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = ndup__mix64(hashes[i] ^ seed);
        for (unsigned bit = 0; bit < 64; bit++) {
            ones[bit] += (uint32_t)(hash >> bit) & 1u;
        }
    }
}
