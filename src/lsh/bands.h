/* SPDX-License-Identifier: MIT */
/* Band keys of packed rows. */
#ifndef NDUP__LSH_BANDS_H
#define NDUP__LSH_BANDS_H

#include <stdint.h>

#include "neardup/lsh.h"
#include "sketch/kind.h"

/* The keys of bands first..first + count of a row, of band number first + k at keys[k * stride].
 * Rows that keep the same of all slots of a band have equal keys. */
void ndup__band_keys(uint32_t *keys, size_t stride, const ndup_sketcher *sketcher,
                     const uint8_t *row, unsigned first, unsigned count, unsigned rows);

/* Slots, from 0 on, of which rows need a second byte: those of all bands, where keys of single
 * bytes would have fewer than 32 bits and bring unlike sketches together in large corpora;
 * otherwise those of a few whole bands, for splitting buckets. */
unsigned ndup__bands_wide_slots(const ndup_bands *bands, const ndup_sketch_info *kind);

/* How many bands of two rows have equal keys. */
unsigned ndup__bands_shared(const ndup_sketcher *sketcher, const ndup_bands *bands,
                            const uint8_t *a, const uint8_t *b);

#endif
