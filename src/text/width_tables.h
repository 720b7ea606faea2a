/* SPDX-License-Identifier: MIT */
/* Columns of characters on a terminal. */
#ifndef NDUP__TEXT_WIDTH_TABLES_H
#define NDUP__TEXT_WIDTH_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* Characters that take none or two columns. */
typedef struct ndup__width_range {
    uint32_t first;
    uint32_t last;
    uint32_t columns;
} ndup__width_range;

/* In rising order, without overlaps; from U+0300 on. All others take one. */
extern const ndup__width_range ndup__width_ranges[];
extern const size_t ndup__width_range_count;

#endif
