/* SPDX-License-Identifier: MIT */
/* Large blocks, filled and copied piece by piece. */
#include "base/breath.h"

#include <string.h>

#include "base/alloc.h"

#define PIECE_BYTES ((size_t)1 << 20)

static size_t piece_of(size_t left)
{
    return left < PIECE_BYTES ? left : PIECE_BYTES;
}

void ndup__breath_fill(const ndup__breath *breath, void *block, int byte, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PIECE_BYTES) {
        memset((char *)block + at, byte, piece_of(bytes - at));
        ndup__breathe(breath);
    }
}

void ndup__breath_copy(const ndup__breath *breath, void *to, const void *from, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PIECE_BYTES) {
        memcpy((char *)to + at, (const char *)from + at, piece_of(bytes - at));
        ndup__breathe(breath);
    }
}

ndup_status ndup__breath_allocate_zeroed(const ndup__breath *breath,
                                         const ndup_allocator *allocator, void *array, size_t count,
                                         size_t element_bytes, ndup_error *error)
{
    void *block = NULL;
    ndup_status status = ndup__resize(allocator, &block, 0, count, element_bytes, error);
    if (status == NDUP_STATUS_OK) {
        ndup__breath_fill(breath, block, 0, count * element_bytes);
    }
    memcpy(array, &block, sizeof block);
    return status;
}
