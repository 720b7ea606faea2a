/* SPDX-License-Identifier: MIT */
/* Equal cells of two rows: the definition. */
#include "kernel/kernel.h"

size_t ndup__cells_equal_scalar(const uint8_t *a, const uint8_t *b, size_t count)
{
    size_t equal = 0;
    for (size_t i = 0; i < count; i++) {
        equal += a[i] == b[i];
    }
    return equal;
}
