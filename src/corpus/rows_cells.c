/* SPDX-License-Identifier: MIT */
/* Where the values of a table stand. */
#include "corpus/rows.h"

const ndup__row_batch *ndup__rows_batch(const ndup__rows *rows, uint64_t row)
{
    size_t low = 0;
    size_t high = rows->batch_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (rows->batches[middle].first <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &rows->batches[low];
}

/* A row of a table that is null as a whole is a row of nulls. */
static const ndup__arrow_column null_column = {.name = "", .kind = NDUP__ARROW_NULL, .zone = ""};

static ndup__arrow_cell step(ndup__arrow_cell cell, size_t child)
{
    cell = ndup__arrow_resolve(cell);
    return ndup__arrow_is_null(cell) ? (ndup__arrow_cell){&null_column, cell.array, 0}
                                     : ndup__arrow_member(cell, child);
}

static ndup__arrow_cell row_of(const ndup__rows *rows, const ndup__row_batch *batch, uint64_t row)
{
    return (ndup__arrow_cell){rows->root, &batch->array, (int64_t)(row - batch->first)};
}

ndup__arrow_cell ndup__rows_cell(const ndup__rows *rows, const ndup__row_batch *batch, uint64_t row,
                                 size_t column)
{
    ndup__arrow_cell cell = row_of(rows, batch, row);
    return rows->columns == rows->root ? cell : step(cell, column);
}

ndup__arrow_cell ndup__rows_value(const ndup__rows *rows, const ndup__row_batch *batch,
                                  uint64_t row, const ndup__row_path *path)
{
    ndup__arrow_cell cell = ndup__rows_cell(rows, batch, row, path->steps[0]);
    for (unsigned i = 1; i < path->depth && cell.column != &null_column; i++) {
        cell = step(cell, path->steps[i]);
    }
    return ndup__arrow_resolve(cell);
}

/* Bytes of one column's texts. Of offsets only the first and the last are looked at, so that nulls
 * may count. */
static uint64_t column_bytes(const ndup__rows *rows, const ndup__row_batch *batch,
                             const ndup__row_path *path, uint64_t row, uint64_t count)
{
    uint64_t bytes = 0;
    ndup__arrow_cell first = row_of(rows, batch, row);
    bool is_column = path->depth == 1 && path->column->dictionary == NULL;
    if (is_column && rows->columns != rows->root) {
        first = ndup__arrow_member(first, path->steps[0]);
    }
    if (is_column && ndup__arrow_span(&bytes, first, (int64_t)count)) {
        return bytes;
    }
    for (uint64_t i = 0; i < count; i++) {
        ndup__arrow_cell cell = ndup__rows_value(rows, batch, row + i, path);
        bytes += ndup__arrow_is_null(cell) ? 0 : ndup__arrow_bytes(cell).length;
    }
    return bytes;
}

uint64_t ndup__rows_text_bytes(const ndup_corpus *corpus, const ndup__row_batch *batch,
                               uint64_t row, uint64_t count)
{
    const ndup__rows *rows = corpus->rows;
    const ndup__fields *fields = &corpus->fields;
    unsigned first = fields->first[NDUP__ROLE_TEXT];
    uint64_t bytes = 0;
    for (unsigned i = first; i < first + fields->count[NDUP__ROLE_TEXT]; i++) {
        const ndup__row_path *path = &rows->paths[i];
        if (path->column != NULL && ndup__arrow_is_text(path->column)) {
            bytes += column_bytes(rows, batch, path, row, count);
        }
    }
    return bytes;
}
