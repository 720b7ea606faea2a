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
#include "sketch/kind.h"

#define ROUNDS 3
#define ROUND_SHIFT 29
#define VALUE_MASK (((uint32_t)1 << ROUND_SHIFT) - 1)
#define FILLED ((uint32_t)7 << ROUND_SHIFT)

static void offer(uint32_t *state, uint64_t slots, uint64_t hash, uint32_t value)
{
    uint32_t *slot = &state[((hash >> 32) * slots) >> 32];
    *slot = value < *slot ? value : *slot;
}

static void first_round(uint32_t *state, uint64_t slots, const uint64_t *hashes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        offer(state, slots, hashes[i], (uint32_t)hashes[i] & VALUE_MASK);
    }
}

/* The hashes are uniform: a multiplication by an odd constant gives the round its own high bits,
 * and folding them into the low ones its own values. */
static void next_round(uint32_t *state, uint64_t slots, const uint64_t *hashes, size_t count,
                       unsigned round, uint64_t multiplier)
{
    uint32_t tag = (uint32_t)round << ROUND_SHIFT;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = hashes[i] * multiplier;
        uint32_t value = ((uint32_t)hash ^ (uint32_t)(hash >> 32)) & VALUE_MASK;
        offer(state, slots, hash, value | tag);
    }
}

/* Ordinary MinHash of the set: the high bits of a multiply-add (Dietzfelbinger 1996). */
static uint32_t fill_slot(uint64_t multiplier, uint64_t addend, const uint64_t *hashes,
                          size_t count)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = multiplier * hashes[i] + addend;
        least = value < least ? value : least;
    }
    return FILLED | (uint32_t)(least >> (64 - ROUND_SHIFT));
}

static unsigned count_empty(const uint32_t *state, uint64_t slots)
{
    unsigned empty = 0;
    for (uint64_t i = 0; i < slots; i++) {
        empty += state[i] == UINT32_MAX;
    }
    return empty;
}

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    const uint64_t slots = sketcher->slots;
    memset(state, 0xFF, slots * sizeof *state);
    first_round(state, slots, hashes, count);
    for (unsigned round = 1; round < ROUNDS; round++) {
        if (count_empty(state, slots) == 0) {
            return;
        }
        uint64_t seed = sketcher->seed + round;
        next_round(state, slots, hashes, count, round, ndup__splitmix64(&seed) | 1);
    }
    for (size_t i = 0; i < slots; i++) {
        if (state[i] == UINT32_MAX) {
            state[i] = fill_slot(sketcher->multipliers[i], sketcher->addends[i], hashes, count);
        }
    }
}

static double identity(double x)
{
    return x;
}

const ndup__sketch_kind ndup__sketch_fast_similarity = {
    .info = {.name = "minhash",
             .summary = "MinHash by Fast Similarity Sketching (Dahlgaard, Knudsen, Thorup 2017)",
             .slot_bits = 16,
             .slots_default = 128,
             .slots_min = 4,
             .slots_max = 4096},
    .merges = true,
    .make = make,
    .collision = identity,
    .similarity = identity,
};
