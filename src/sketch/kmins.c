/* SPDX-License-Identifier: MIT */
/* Textbook MinHash: one multiply-shift function a slot over every element. The yardstick for the
 * others. Source: Broder, "On the resemblance and containment of documents", 1997. */
#include <string.h>

#include "kernel/kernel.h"
#include "sketch/kind.h"

static void make(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count)
{
    memset(state, 0xFF, sketcher->slots * sizeof *state);
    ndup__minhash_fill(state, sketcher->slots, sketcher->multipliers, hashes, count);
}

const ndup__sketch_kind ndup__sketch_kmins = {
    .info = {.name = "kmins",
             .summary = "textbook MinHash, one function a slot (Broder 1997)",
             .slot_bits = 8,
             .slots_default = 128,
             .slots_min = 4,
             .slots_max = 4096},
    .merges = true,
    .make = make,
    .collision = ndup__sketch_identity,
    .similarity = ndup__sketch_identity,
};
