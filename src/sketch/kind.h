/* SPDX-License-Identifier: MIT */
/* What a kind of sketch has to provide, and the packed rows that runs keep in memory. */
#ifndef NDUP__SKETCH_KIND_H
#define NDUP__SKETCH_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/sketch.h"

/* The greatest slots_max of all kinds. */
#define NDUP__SLOTS_MOST 4096

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
    uint32_t *multipliers; /* [slots] odd, one hash function each: h -> multiplier * h mod 2^32 */
    unsigned wide_slots;   /* slots, from 0 on, of which rows keep a second byte */
    unsigned band_rows;    /* slots of a band, where rows keep checks of bands */
    unsigned checks;       /* bands behind the wide slots of which rows keep a check of two bytes */
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

/* Lets the rows keep more of the slots of `bands` bands of `rows`: a second byte of the first
 * `wide_slots` (those of whole bands), and a hash of two bytes over the second bytes of each band
 * behind. Rows made before are not those made after. Kinds with slots of one bit keep no more. */
void ndup__row_widen(ndup_sketcher *sketcher, unsigned wide_slots, unsigned rows, unsigned bands);

/* A row is the sketch cut down to info.slot_bits (1 or 8) a slot: what band keys and estimates are
 * made from. Slot i of a 1-bit kind is bit i % 8 of byte i / 8; otherwise it is byte i, and its
 * second byte, if it has one, is byte slots + i; the checks of bands stand behind these. */
size_t ndup__row_bytes(const ndup_sketcher *sketcher);
void ndup__row_pack(const ndup_sketcher *sketcher, uint8_t *row, const uint32_t *state);

/* The first byte (or the bit) of one slot of a row. */
static inline uint32_t ndup__row_slot(const ndup_sketcher *sketcher, const uint8_t *row,
                                      unsigned slot)
{
    return sketcher->kind->info.slot_bits == 1 ? ((uint32_t)row[slot / 8] >> (slot % 8)) & 1u
                                               : row[slot];
}

/* All that a row keeps of one slot. */
static inline uint32_t ndup__row_wide_slot(const ndup_sketcher *sketcher, const uint8_t *row,
                                           unsigned slot)
{
    uint32_t first = ndup__row_slot(sketcher, row, slot);
    return slot < sketcher->wide_slots ? (uint32_t)row[sketcher->slots + slot] << 8 | first : first;
}

/* How many slots of two rows agree in their first byte. */
unsigned ndup__row_agreement(const ndup_sketcher *sketcher, const uint8_t *a, const uint8_t *b);

/* Fewest agreeing slots, of `slots` that were not chosen for agreeing, with which a pair exactly at
 * `similarity` is seen with probability >= 1 - loss. */
unsigned ndup__row_agreement_least(const ndup_sketcher *sketcher, unsigned slots, double similarity,
                                   double loss);

#endif
