/* SPDX-License-Identifier: MIT */
/* A column that is made row by row, and handed over as an Arrow array. */
#ifndef NEARDUP_PYTHON_COLUMN_BUILDER_H
#define NEARDUP_PYTHON_COLUMN_BUILDER_H

#include <stdbool.h>

#include "neardup.h"

typedef enum column_kind {
    COLUMN_UINT32,
    COLUMN_UINT64,
    COLUMN_FLOAT64,
    COLUMN_BINARY, /* large_binary */
    COLUMN_TEXT,   /* large_utf8 */
    COLUMN_WORDS,  /* a fixed-size list of uint32 */
    COLUMN_FIXED   /* fixed_size_binary of as many bytes as WORDS have */
} column_kind;

/* What a column is: WORDS and FIXED have `words` a row, of 4 bytes. */
typedef struct column_type {
    column_kind kind;
    unsigned words;
} column_type;

typedef struct column_builder {
    column_type type;
    size_t rows; /* that there will be */
    size_t count;
    size_t null_count;
    uint8_t *validity;
    int64_t *offsets; /* of BINARY and TEXT */
    char *values;
    size_t used, capacity; /* of the values, in bytes */
} column_builder;

/* Makes room for the rows. Errors: MEMORY. */
NDUP_NODISCARD ndup_status column_builder_init(column_builder *builder, column_type type,
                                               size_t rows, ndup_error *error);

/* Adds a row: the value, of as many bytes as its type has or, in BINARY and TEXT, as it is long.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status column_builder_add(column_builder *builder, const void *value,
                                              size_t bytes, ndup_error *error);
void column_builder_add_null(column_builder *builder);

/* Hands the rows over; the builder is empty then. Errors: MEMORY. */
NDUP_NODISCARD ndup_status column_builder_end(struct ArrowArray *array, column_builder *builder,
                                              ndup_error *error);
void column_builder_deinit(column_builder *builder);

/* The schema of such a column. Errors: MEMORY. */
NDUP_NODISCARD ndup_status column_schema(struct ArrowSchema *schema, column_type type,
                                         const char *name, ndup_error *error);

#endif
