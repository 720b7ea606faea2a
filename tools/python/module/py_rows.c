/* SPDX-License-Identifier: MIT */
/* Cells go to buffers that double; a bit a row says which are there. */
#include "py_rows.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROWS 8
/* Of null cells, whatever their kind is. */
static const char nothing[8];

rows *rows_new(const rows_column *columns)
{
    size_t count = 0;
    while (columns[count].name != NULL) {
        count++;
    }
    rows *self = calloc(1, sizeof *self + count * sizeof *self->cells);
    if (self != NULL) {
        self->columns = columns;
        self->column_count = count;
        atomic_init(&self->holders, 1);
    }
    return self;
}

void rows_keep(rows *self)
{
    atomic_fetch_add(&self->holders, 1);
}

void rows_give(rows *self)
{
    if (self == NULL || atomic_fetch_sub(&self->holders, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < self->column_count; i++) {
        free(self->cells[i].validity);
        free(self->cells[i].values);
        free(self->cells[i].offsets);
    }
    free(self);
}

static bool grow(void *buffer, size_t bytes)
{
    void *grown = realloc(*(void **)buffer, bytes);
    if (grown != NULL) {
        *(void **)buffer = grown;
    }
    return grown != NULL;
}

/* Room for twice as many rows in what has a fixed size a row. */
static bool grow_rows(rows *self)
{
    uint64_t capacity = self->capacity > 0 ? 2 * self->capacity : FIRST_ROWS;
    for (size_t i = 0; i < self->column_count; i++) {
        cells *column = &self->cells[i];
        bool is_text = self->columns[i].kind == CELL_TEXT;
        if (!grow(&column->validity, capacity / 8 + 1) ||
            (is_text && !grow(&column->offsets, (capacity + 1) * sizeof *column->offsets)) ||
            (!is_text && !grow(&column->values, capacity * sizeof(uint64_t)))) {
            return false;
        }
        if (is_text && self->count == 0) {
            column->offsets[0] = 0;
        }
    }
    self->capacity = capacity;
    return true;
}

static void set_bit(void *bits, uint64_t row, bool value)
{
    uint8_t *byte = (uint8_t *)bits + row / 8;
    unsigned mask = 1u << (row % 8);
    *byte = (uint8_t)(value ? *byte | mask : *byte & ~mask);
}

static bool get_bit(const void *bits, uint64_t row)
{
    return ((const uint8_t *)bits)[row / 8] >> (row % 8) & 1;
}

static bool make_room(rows *self, cells *column, size_t text_bytes)
{
    if (self->count == self->capacity && !grow_rows(self)) {
        return false;
    }
    size_t needed = column->used + text_bytes;
    if (text_bytes == 0 || needed <= column->capacity) {
        return true;
    }
    size_t capacity = 2 * needed + 16;
    bool is_grown = grow(&column->values, capacity);
    column->capacity = is_grown ? capacity : column->capacity;
    return is_grown;
}

/* The cell that comes next; NULL without memory for it. */
static cells *begin_cell(rows *self, cell_kind kind, bool is_there, size_t text_bytes)
{
    assert(self->next < self->column_count);
    cells *column = &self->cells[self->next];
    assert(!is_there || self->columns[self->next].kind == kind);
    (void)kind;
    self->next++;
    if (self->is_out_of_memory || !make_room(self, column, text_bytes)) {
        self->is_out_of_memory = true;
        return NULL;
    }
    set_bit(column->validity, self->count, is_there);
    return column;
}

static void add_fixed(rows *self, cell_kind kind, const void *value)
{
    cells *column = begin_cell(self, kind, true, 0);
    if (column != NULL) {
        memcpy(column->values + self->count * sizeof(uint64_t), value, sizeof(uint64_t));
    }
}

void rows_add_count(rows *self, uint64_t value)
{
    add_fixed(self, CELL_COUNT, &value);
}

void rows_add_share(rows *self, double value)
{
    add_fixed(self, CELL_SHARE, &value);
}

void rows_add_time(rows *self, int64_t milliseconds)
{
    add_fixed(self, CELL_TIME, &milliseconds);
}

void rows_add_flag(rows *self, bool value)
{
    cells *column = begin_cell(self, CELL_FLAG, true, 0);
    if (column != NULL) {
        set_bit(column->values, self->count, value);
    }
}

void rows_add_text(rows *self, ndup_text value)
{
    cells *column = begin_cell(self, CELL_TEXT, true, value.length);
    if (column == NULL) {
        return;
    }
    if (value.length > 0) {
        memcpy(column->values + column->used, value.bytes, value.length);
    }
    column->used += value.length;
    column->offsets[self->count + 1] = (int64_t)column->used;
}

void rows_add_name(rows *self, const char *value)
{
    rows_add_text(self, (ndup_text){value, strlen(value)});
}

void rows_add_null(rows *self)
{
    cell_kind kind = self->columns[self->next].kind;
    cells *column = begin_cell(self, kind, false, 0);
    if (column == NULL) {
        return;
    }
    column->nulls++;
    if (kind == CELL_TEXT) {
        column->offsets[self->count + 1] = (int64_t)column->used;
    } else if (kind == CELL_FLAG) {
        set_bit(column->values, self->count, false);
    } else {
        memcpy(column->values + self->count * sizeof nothing, nothing, sizeof nothing);
    }
}

void rows_add_optional(rows *self, ndup_text value)
{
    if (value.length > 0) {
        rows_add_text(self, value);
    } else {
        rows_add_null(self);
    }
}

ndup_status rows_end(rows *self, ndup_error *error)
{
    assert(self->next == self->column_count);
    self->next = 0;
    if (self->is_out_of_memory) {
        *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
        return NDUP_STATUS_MEMORY;
    }
    self->count++;
    return NDUP_STATUS_OK;
}

bool rows_is_null(const rows *self, size_t column, uint64_t row)
{
    return !get_bit(self->cells[column].validity, row);
}

uint64_t rows_count(const rows *self, size_t column, uint64_t row)
{
    uint64_t value;
    memcpy(&value, self->cells[column].values + row * sizeof value, sizeof value);
    return value;
}

double rows_share(const rows *self, size_t column, uint64_t row)
{
    double value;
    memcpy(&value, self->cells[column].values + row * sizeof value, sizeof value);
    return value;
}

bool rows_flag(const rows *self, size_t column, uint64_t row)
{
    return get_bit(self->cells[column].values, row);
}

ndup_text rows_text(const rows *self, size_t column, uint64_t row)
{
    const cells *from = &self->cells[column];
    size_t begin = (size_t)from->offsets[row];
    return (ndup_text){from->values != NULL ? from->values + begin : "",
                       (size_t)from->offsets[row + 1] - begin};
}
