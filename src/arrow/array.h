/* SPDX-License-Identifier: MIT */
/* The values of Arrow arrays: whether an array is what its column says, and reading it. */
#ifndef NDUP__ARROW_ARRAY_H
#define NDUP__ARROW_ARRAY_H

#include <string.h>

#include "arrow/schema.h"
#include "neardup/document.h"

/* Checks all that can be: counts, signs, NULLs, that offsets are in order and lie in their
 * children, indices in their dictionaries, views in their buffers. What else a data buffer holds
 * and how long it is, the interface does not say. `first` is the row that the array begins with,
 * for messages. Errors: INVALID, naming column and row. Cost: a pass over offsets, views and
 * indices. */
NDUP_NODISCARD ndup_status ndup__arrow_check(const ndup__arrow_column *column,
                                             const struct ArrowArray *array, uint64_t first,
                                             ndup_error *error);

/* One value of an array that was checked; `at` counts from the array's own offset. */
typedef struct ndup__arrow_cell {
    const ndup__arrow_column *column;
    const struct ArrowArray *array;
    int64_t at;
} ndup__arrow_cell;

/* Whether there is no value: by its validity or by that of what it stands for. */
bool ndup__arrow_is_null(ndup__arrow_cell cell);

/* The value behind dictionaries and run ends; the cell itself where there are none. A null index
 * stays as it is. */
ndup__arrow_cell ndup__arrow_resolve(ndup__arrow_cell cell);

/* The same part of a struct, whose nulls its parts have, too. */
ndup__arrow_cell ndup__arrow_member(ndup__arrow_cell cell, size_t child);

/* The values of a list: *values is the first of them. Returns how many. */
int64_t ndup__arrow_list(ndup__arrow_cell *values, ndup__arrow_cell list);

/* The bytes of a string or binary value that is not null and was resolved. */
ndup_text ndup__arrow_bytes(ndup__arrow_cell cell);

/* Bytes that the offsets of `count` values from this one on span; nulls may count. False where
 * values have none. */
bool ndup__arrow_span(uint64_t *bytes, ndup__arrow_cell first, int64_t count);

/* An integer of a buffer. Unaligned buffers are allowed for. */
static inline int64_t ndup__arrow_int(const void *buffer, unsigned width, int64_t index)
{
    const char *at = (const char *)buffer + index * (int64_t)width;
    switch (width) {
    case 1: {
        int8_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    case 2: {
        int16_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    case 4: {
        int32_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    default: {
        int64_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    }
}

/* An index or whole number without a sign. */
static inline uint64_t ndup__arrow_uint(const void *buffer, unsigned width, int64_t index)
{
    uint64_t value = (uint64_t)ndup__arrow_int(buffer, width, index);
    return width < 8 ? value & ((UINT64_C(1) << (8 * width)) - 1) : value;
}

/* Whether bit `index` is set. */
static inline bool ndup__arrow_bit(const void *buffer, int64_t index)
{
    return (((const uint8_t *)buffer)[index / 8] >> (index % 8) & 1) != 0;
}

#endif
