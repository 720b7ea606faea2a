/* SPDX-License-Identifier: MIT */
/* A column of texts in chunks, as Arrow has it, read row by row. */
#ifndef NEARDUP_PYTHON_TEXT_COLUMN_H
#define NEARDUP_PYTHON_TEXT_COLUMN_H

#include <stdbool.h>

#include "neardup.h"

typedef enum text_layout {
    TEXT_OFFSETS32, /* utf8 */
    TEXT_OFFSETS64, /* large_utf8 */
    TEXT_VIEWS,     /* string_view */
    TEXT_NONE       /* null: no row has a text */
} text_layout;

/* The column, and the row that is next. Borrows schema and chunks. */
typedef struct text_column {
    struct ArrowArray *const *chunks;
    size_t chunk_count;
    int64_t length; /* of all chunks */
    text_layout layout;
    char index; /* format of the indices of dictionaries, 0 = there is none */
    size_t chunk;
    int64_t row; /* in the chunk */
} text_column;

/* Errors: INVALID when it is not of strings, or of dictionaries of strings (names its type). */
NDUP_NODISCARD ndup_status text_column_open(text_column *column, const struct ArrowSchema *schema,
                                            struct ArrowArray *const *chunks, size_t chunk_count,
                                            ndup_error *error);
/* Only whether its type is right. */
NDUP_NODISCARD ndup_status text_column_check(const struct ArrowSchema *schema, ndup_error *error);

/* Back to the first row. */
void text_column_rewind(text_column *column);

/* The next row; false where it is null. There must be one. */
bool text_column_next(text_column *column, ndup_text *text);

#endif
