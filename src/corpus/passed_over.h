/* SPDX-License-Identifier: MIT */
/* Counting the records that hold no text by their nature. */
#ifndef NDUP__CORPUS_PASSED_OVER_H
#define NDUP__CORPUS_PASSED_OVER_H

#include <stddef.h>
#include <stdint.h>

#include "codec/binary_type.h"

/* Zero-initialise. Threads: single-owner. */
typedef struct ndup__passed_over {
    uint64_t records;                      /* of other kinds, media or statuses */
    uint64_t binaries[NDUP__BINARY_NAMES]; /* whose bytes are not the text that they are said to
                                              be, by ndup__binary_number */
} ndup__passed_over;

void ndup__passed_over_add(ndup__passed_over *sum, const ndup__passed_over *more);

/* Writes "3 PDF, 1 PNG image" for the binaries, the most frequent first and no more than fits; cut
 * off with "...". Returns how many records these are; 0 = the text is empty. */
uint64_t ndup__passed_over_name(char *text, size_t size, const ndup__passed_over *passed);

#endif
