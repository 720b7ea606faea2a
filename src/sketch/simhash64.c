/* SPDX-License-Identifier: MIT */
/* SimHash of 64 bits: bit i is the majority of bit i over the hashes of the set.
 * It estimates the angle between the sets' indicator vectors, so similarities are exact for sets of
 * equal size only, and 64 bits are coarse: for almost-identical texts. Sources: Charikar,
 * "Similarity estimation techniques from rounding algorithms", 2002; Manku, Jain, Das Sarma,
 * "Detecting near-duplicates for web crawling", 2007. */
#include <math.h>

#include "kernel/kernel.h"
#include "sketch/kind.h"

#define BITS 64
#define PI 3.14159265358979323846

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    uint32_t ones[BITS] = {0};
    ndup__bit_votes(ones, hashes, count, sketcher->seed);
    for (unsigned bit = 0; bit < BITS; bit++) {
        state[bit] = 2 * (uint64_t)ones[bit] > count;
    }
}

/* For sets of equal size |A∩B| / sqrt(|A||B|) = 2J / (1 + J). */
static double collision(double similarity)
{
    return 1 - acos(fmin(1, 2 * similarity / (1 + similarity))) / PI;
}

static double similarity(double agreement)
{
    double cosine = cos(PI * (1 - agreement));
    return cosine <= 0 ? 0 : cosine / (2 - cosine);
}

const ndup__sketch_kind ndup__sketch_simhash64 = {
    .info = {.name = "simhash64",
             .summary = "64-bit SimHash, for almost identical texts (Charikar 2002)",
             .slot_bits = 1,
             .slots_default = BITS,
             .slots_min = BITS,
             .slots_max = BITS},
    .wants_distinct = true,
    .merges = false,
    .make = make,
    .collision = collision,
    .similarity = similarity,
};
