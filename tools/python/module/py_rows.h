/* SPDX-License-Identifier: MIT */
/* Rows that work without Python gathers column by column, and that are Arrow arrays as they stand.
 */
#ifndef NEARDUP_PYTHON_ROWS_H
#define NEARDUP_PYTHON_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup.h"

typedef enum cell_kind {
    CELL_COUNT, /* uint64 */
    CELL_SHARE, /* float64 */
    CELL_FLAG,  /* bool */
    CELL_TEXT,  /* large_utf8 */
    CELL_TIME   /* timestamp[ms, UTC] */
} cell_kind;

/* A column as it is told: name and kind. A list of them ends with a NULL name. */
typedef struct rows_column {
    const char *name;
    cell_kind kind;
} rows_column;

typedef struct cells {
    uint8_t *validity; /* a bit a row */
    uint64_t nulls;
    char *values; /* FLAG: a bit a row; TEXT: the bytes */
    size_t used, capacity;
    int64_t *offsets; /* of TEXT: rows + 1 */
    const void *buffers[3];
} cells;

/* Counted: whoever keeps it gives it back. Filled by one thread, then read by any number; `next` is
 * the column that the next cell goes to. */
typedef struct rows {
    _Atomic uint32_t holders;
    const rows_column *columns; /* static */
    size_t column_count;
    uint64_t count, capacity;
    size_t next;
    bool is_out_of_memory;
    cells cells[];
} rows;

/* NULL without memory. */
rows *rows_new(const rows_column *columns);
void rows_keep(rows *self);
void rows_give(rows *self); /* NULL is allowed */

/* Fill the cells of a row, column by column; each kind has its own. */
void rows_add_count(rows *self, uint64_t value);
void rows_add_share(rows *self, double value);
void rows_add_flag(rows *self, bool value);
void rows_add_text(rows *self, ndup_text value);
void rows_add_name(rows *self, const char *value);
void rows_add_time(rows *self, int64_t milliseconds);
void rows_add_null(rows *self);

/* Null for what is empty. */
void rows_add_optional(rows *self, ndup_text value);

/* Ends a row. Errors: MEMORY, of any of its cells. */
NDUP_NODISCARD ndup_status rows_end(rows *self, ndup_error *error);

/* One cell, of a column of that kind. */
bool rows_is_null(const rows *self, size_t column, uint64_t row);
uint64_t rows_count(const rows *self, size_t column, uint64_t row);
ndup_text rows_text(const rows *self, size_t column, uint64_t row);
bool rows_flag(const rows *self, size_t column, uint64_t row);
double rows_share(const rows *self, size_t column, uint64_t row);

/* All rows as a stream of one batch, which keeps them. Errors: MEMORY. */
NDUP_NODISCARD ndup_status rows_stream(struct ArrowArrayStream *stream, rows *self,
                                       ndup_error *error);

#endif
