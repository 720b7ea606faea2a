/* SPDX-License-Identifier: MIT */
/* The default sketch: Fast Similarity Sketching with one random round.
 *
 * Every hash falls into one slot (its high 32 bits, scaled) and offers a value (its low bits); a
 * slot keeps the least. A slot into which nothing fell runs an ordinary MinHash of the whole set
 * with a function of its own. What was filled so is greater than any value of the round.
 *
 * P(slot equal) = Jaccard for every set size: where the union has elements in the slot, its least
 * one decides, and both sets agree exactly when both have it; where it has none, both sets run the
 * slot's function. Because words of the round are less, the slot-wise minimum of two sketches is
 * the sketch of the union.
 *
 * Source: Dahlgaard, Knudsen, Thorup, "Fast Similarity Sketching", 2017, which has as many random
 * rounds as slots before the ordinary ones. More rounds lower the variance for small sets, but cost
 * more than the functions that they save, which take a multiplication of 32 bits for 16 slots:
 * measured in src/README.md. */
#include <string.h>

#include "kernel/kernel.h"
#include "sketch/kind.h"

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    memset(state, 0xFF, sketcher->slots * sizeof *state);
    if (ndup__bin_minima(state, sketcher->slots, hashes, count)) {
        ndup__minhash_fill(state, sketcher->slots, sketcher->multipliers, hashes, count);
    }
}

const ndup__sketch_kind ndup__sketch_fast_similarity = {
    .info = {.name = "minhash",
             .summary = "MinHash by Fast Similarity Sketching (Dahlgaard, Knudsen, Thorup 2017)",
             .slot_bits = 8,
             .slots_default = 128,
             .slots_min = 4,
             .slots_max = 4096},
    .merges = true,
    .make = make,
    .collision = ndup__sketch_identity,
    .similarity = ndup__sketch_identity,
};
