/* SPDX-License-Identifier: MIT */
/* Band keys of packed rows. */
#ifndef NDUP__LSH_BANDS_H
#define NDUP__LSH_BANDS_H

#include <stdint.h>

#include "neardup/lsh.h"
#include "sketch/kind.h"

/* The 64-bit key of band number `band` of a row. Rows that agree in all slots of the band have
 * equal keys. */
uint64_t ndup__band_key(const ndup_sketcher *sketcher, const uint16_t *row, unsigned band,
                        unsigned rows);

/* How many bands of two rows have equal keys. */
unsigned ndup__bands_shared(const ndup_sketcher *sketcher, const ndup_bands *bands,
                            const uint16_t *a, const uint16_t *b);

#endif
