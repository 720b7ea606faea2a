/* SPDX-License-Identifier: MIT */
/* The default sketch: one-permutation MinHash whose empty bins are filled by ordinary MinHash.
 *
 * Every hash falls into one bin (its high 32 bits, scaled) and the bin keeps the least of the
 * values (its low 31 bits). A bin that stays empty runs an ordinary MinHash of the whole set with
 * the bin's own multiply-shift function; such values carry the top bit, so that they never meet,
 * and always lose to, a real one.
 *
 * P(slot equal) = Jaccard for every set size: if the union has an element in the bin, the union's
 * least element decides, and both sets agree exactly when both have it; if not, both sets are empty
 * there and run the same MinHash. Because real < filled, the slot-wise minimum of two sketches is
 * the sketch of the union.
 *
 * Sources: Li, Owen, Zhang, "One Permutation Hashing", 2012; Dahlgaard, Knudsen, Thorup, "Fast
 * Similarity Sketching", 2017, of whose rounds this keeps the first and replaces the others by the
 * fill. */
#include <string.h>

#include "sketch/kind.h"

#define FILLED 0x80000000u

/* Ordinary MinHash of the set for one empty bin: the high 31 bits of a multiply-add (Dietzfelbinger
 * 1996). */
static uint32_t fill_bin(uint64_t multiplier, uint64_t addend, const uint64_t *hashes, size_t count)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = multiplier * hashes[i] + addend;
        least = value < least ? value : least;
    }
    return FILLED | (uint32_t)(least >> 33);
}

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    const uint64_t slots = sketcher->slots;
    memset(state, 0xFF, slots * sizeof *state);
    for (size_t i = 0; i < count; i++) {
        uint32_t value = (uint32_t)hashes[i] & ~FILLED;
        uint32_t *slot = &state[((hashes[i] >> 32) * slots) >> 32];
        *slot = value < *slot ? value : *slot;
    }
    for (size_t i = 0; i < slots; i++) {
        if (state[i] == UINT32_MAX) {
            state[i] = fill_bin(sketcher->multipliers[i], sketcher->addends[i], hashes, count);
        }
    }
}

static double identity(double x)
{
    return x;
}

const ndup__sketch_kind ndup__sketch_one_permutation = {
    .info = {.name = "minhash",
             .summary =
                 "one-permutation MinHash, empty bins filled (Dahlgaard, Knudsen, Thorup 2017)",
             .slot_bits = 16,
             .slots_default = 128,
             .slots_min = 4,
             .slots_max = 4096},
    .merges = true,
    .make = make,
    .collision = identity,
    .similarity = identity,
};
