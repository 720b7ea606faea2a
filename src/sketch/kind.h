/* SPDX-License-Identifier: MIT */
/* What a kind of sketch has to provide, and the packed rows that runs keep in memory. */
#ifndef NDUP__SKETCH_KIND_H
#define NDUP__SKETCH_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/sketch.h"

/* A registered kind. To add one: write <name>.c with one of these, declare it here, list it in
 * registry.c. */
typedef struct ndup__sketch_kind {
    ndup_sketch_info info;
    bool wants_distinct; /* repeats in the input would change the sketch */
    /* False where the union's sketch cannot be had from two sketches; otherwise it is the minimum,
     * slot by slot. */
    bool merges;
    void (*make)(const ndup_sketcher *sketcher, uint32_t *state, const uint64_t *hashes,
                 size_t count);
    double (*collision)(double similarity);
    /* Inverse of collision: similarity at which a share of agreeing slots is expected. */
    double (*similarity)(double agreement);
} ndup__sketch_kind;

struct ndup_sketcher {
    const ndup__sketch_kind *kind;
    const ndup_allocator *allocator;
    unsigned slots;
    uint64_t seed;
    uint64_t *
        multipliers; /* [slots] odd, one hash function each: h -> (multiplier * h + addend) >> 33 */
    uint64_t *addends; /* [slots] */
};

/* collision and similarity of MinHash kinds: slots agree as often as the sets are similar. */
static inline double ndup__sketch_identity(double x)
{
    return x;
}

extern const ndup__sketch_kind ndup__sketch_fast_similarity;
extern const ndup__sketch_kind ndup__sketch_kmins;
extern const ndup__sketch_kind ndup__sketch_simhash64;

/* The kind behind public information. */
const ndup__sketch_kind *ndup__sketch_kind_of(const ndup_sketch_info *info);

/* A row is the sketch cut down to info.slot_bits (1 or 16) a slot: what band keys and estimates are
 * made from. Rows are arrays of 16-bit cells; slot i of a 1-bit kind is bit i % 16 of cell i / 16.
 */
size_t ndup__row_cells(const ndup_sketcher *sketcher);
void ndup__row_pack(const ndup_sketcher *sketcher, uint16_t *row, const uint32_t *state);

/* The value of one slot of a row. */
static inline uint32_t ndup__row_slot(const ndup_sketcher *sketcher, const uint16_t *row,
                                      unsigned slot)
{
    return sketcher->kind->info.slot_bits == 1 ? ((uint32_t)row[slot / 16] >> (slot % 16)) & 1u
                                               : row[slot];
}

/* How many slots of two rows agree. */
unsigned ndup__row_agreement(const ndup_sketcher *sketcher, const uint16_t *a, const uint16_t *b);

/* Fewest agreeing slots with which a pair exactly at `similarity` is seen with probability >= 1 -
 * loss. */
unsigned ndup__row_agreement_least(const ndup_sketcher *sketcher, double similarity, double loss);

#endif
