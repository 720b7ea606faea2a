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
    uint64_t *addends;   /* [slots] */
    unsigned wide_slots; /* slots, from 0 on, of which rows keep a second byte */
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

/* Lets the rows keep a second byte of the first `slots` slots, for band keys of few rows. Rows made
 * before are not those made after. Kinds with slots of one bit have none. */
void ndup__row_widen(ndup_sketcher *sketcher, unsigned slots);

/* A row is the sketch cut down to info.slot_bits (1 or 8) a slot: what band keys and estimates are
 * made from. Slot i of a 1-bit kind is bit i % 8 of byte i / 8; otherwise it is byte i, and its
 * second byte, if it has one, is byte slots + i. */
size_t ndup__row_bytes(const ndup_sketcher *sketcher);
void ndup__row_pack(const ndup_sketcher *sketcher, uint8_t *row, const uint32_t *state);

/* The first byte (or the bit) of one slot of a row. */
static inline uint32_t ndup__row_slot(const ndup_sketcher *sketcher, const uint8_t *row,
                                      unsigned slot)
{
    return sketcher->kind->info.slot_bits == 1 ? ((uint32_t)row[slot / 8] >> (slot % 8)) & 1u
                                               : row[slot];
}

/* How many slots of two rows agree in their first byte. */
unsigned ndup__row_agreement(const ndup_sketcher *sketcher, const uint8_t *a, const uint8_t *b);

/* Fewest agreeing slots with which a pair exactly at `similarity` is seen with probability >= 1 -
 * loss. */
unsigned ndup__row_agreement_least(const ndup_sketcher *sketcher, double similarity, double loss);

#endif
