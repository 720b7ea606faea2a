/* SPDX-License-Identifier: MIT */
/* Cells of state words: the definition. */
#include "kernel/cells_pack.h"
#include "kernel/kernel.h"

void ndup__cells_pack_scalar(uint8_t *cells, const uint32_t *state, size_t count, unsigned shift)
{
    for (size_t i = 0; i < count; i++) {
        cells[i] = ndup__cell(state[i], shift);
    }
}
