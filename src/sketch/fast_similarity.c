/* SPDX-License-Identifier: MIT */
/* The default sketch: Fast Similarity Sketching with three random rounds.
 *
 * In each round every hash falls into one slot (the high 32 bits of the round's hash, scaled) and
 * offers a value (its low bits); a slot keeps the least value of the first round in which anything
 * fell into it. A slot that is still empty after the rounds runs an ordinary MinHash of the whole
 * set with its own multiply-shift function. The number of the round stands in the high bits of the
 * state word, so that an earlier round always wins.
 *
 * P(slot equal) = Jaccard for every set size: take the first round in which the union has an
 * element in the slot; its least element decides, and both sets agree exactly when both have it.
 * Because earlier rounds win, the slot-wise minimum of two sketches is the sketch of the union.
 *
 * Source: Dahlgaard, Knudsen, Thorup, "Fast Similarity Sketching", 2017, which has as many random
 * rounds as slots before the ordinary ones. Three are a compromise between machines, measured in
 * src/README.md: with one round the ordinary MinHash of many slots is dear without wide
 * multiplications, with many the last slots are waited for. */
#include <string.h>

#include "base/hash.h"
#include "kernel/kernel.h"
#include "sketch/kind.h"

#define ROUNDS 3
#define FILLED ((uint32_t)7 << NDUP__SKETCH_VALUE_BITS)

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    const size_t slots = sketcher->slots;
    memset(state, 0xFF, slots * sizeof *state);
    size_t empty = ndup__sketch_round(state, slots, hashes, count, 0, 1);
    for (unsigned round = 1; round < ROUNDS && empty > 0; round++) {
        uint64_t seed = sketcher->seed + round;
        uint64_t multiplier = ndup__splitmix64(&seed) | 1;
        empty = ndup__sketch_round(state, slots, hashes, count, round, multiplier);
    }
    if (empty > 0) {
        ndup__minhash_fill(state, slots, sketcher->multipliers, sketcher->addends, hashes, count,
                           NDUP__SKETCH_VALUE_BITS, FILLED);
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
