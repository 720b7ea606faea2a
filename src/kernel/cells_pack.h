/* SPDX-License-Identifier: MIT */
/* The cell of a state word, for all variants of cells_pack. */
#ifndef NDUP__KERNEL_CELLS_PACK_H
#define NDUP__KERNEL_CELLS_PACK_H

#include <stdint.h>

#define NDUP__CELL_MULTIPLIER 0x9E3779B1u

static inline uint8_t ndup__cell(uint32_t word, unsigned shift)
{
    return (uint8_t)((word * NDUP__CELL_MULTIPLIER) >> shift);
}

#endif
