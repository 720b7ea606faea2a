/* SPDX-License-Identifier: MIT */
/* Reading values of Arrow arrays. */
#include "arrow/array.h"

/* A view: its length, then the bytes themselves, up to 12, or four of them, a buffer's number and
 * where they stand in it. */
#define VIEW_BYTES 16
#define VIEW_INSIDE 12

static bool has_validity(ndup__arrow_kind kind)
{
    return kind != NDUP__ARROW_NULL && kind != NDUP__ARROW_SPARSE_UNION &&
           kind != NDUP__ARROW_DENSE_UNION && kind != NDUP__ARROW_RUN_ENDS;
}

static bool is_null_here(ndup__arrow_cell cell)
{
    if (!has_validity(cell.column->kind)) {
        return cell.column->kind == NDUP__ARROW_NULL;
    }
    const void *validity = cell.array->buffers[0];
    return validity != NULL && !ndup__arrow_bit(validity, cell.array->offset + cell.at);
}

/* The run that a value is of: the first whose end lies behind it. */
static int64_t find_run(ndup__arrow_cell cell)
{
    const ndup__arrow_column *ends = &cell.column->children[0];
    const struct ArrowArray *array = cell.array->children[0];
    int64_t wanted = cell.array->offset + cell.at;
    int64_t low = 0;
    int64_t high = array->length - 1;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (ndup__arrow_int(array->buffers[1], ends->width, array->offset + middle) > wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* The member of a union that holds the value. */
static ndup__arrow_cell union_member(ndup__arrow_cell cell)
{
    int64_t place = cell.array->offset + cell.at;
    int64_t id = ndup__arrow_int(cell.array->buffers[0], 1, place);
    size_t child = (size_t)cell.column->members[id];
    bool is_dense = cell.column->kind == NDUP__ARROW_DENSE_UNION;
    int64_t at = is_dense ? ndup__arrow_int(cell.array->buffers[1], 4, place) : place;
    return (ndup__arrow_cell){&cell.column->children[child], cell.array->children[child], at};
}

ndup__arrow_cell ndup__arrow_resolve(ndup__arrow_cell cell)
{
    for (;;) {
        const ndup__arrow_column *column = cell.column;
        if (column->dictionary != NULL) {
            if (is_null_here(cell)) {
                return cell;
            }
            uint64_t index = ndup__arrow_uint(cell.array->buffers[1], column->width,
                                              cell.array->offset + cell.at);
            cell = (ndup__arrow_cell){column->dictionary, cell.array->dictionary, (int64_t)index};
        } else if (column->kind == NDUP__ARROW_RUN_ENDS) {
            cell =
                (ndup__arrow_cell){&column->children[1], cell.array->children[1], find_run(cell)};
        } else if (column->members != NULL) {
            cell = union_member(cell);
        } else {
            return cell;
        }
    }
}

bool ndup__arrow_is_null(ndup__arrow_cell cell)
{
    return is_null_here(ndup__arrow_resolve(cell));
}

ndup__arrow_cell ndup__arrow_member(ndup__arrow_cell cell, size_t child)
{
    return (ndup__arrow_cell){&cell.column->children[child], cell.array->children[child],
                              cell.array->offset + cell.at};
}

int64_t ndup__arrow_list(ndup__arrow_cell *values, ndup__arrow_cell list)
{
    const ndup__arrow_column *column = list.column;
    const struct ArrowArray *array = list.array;
    int64_t place = array->offset + list.at;
    int64_t count;
    *values = (ndup__arrow_cell){&column->children[0], array->children[0], 0};
    if (column->kind == NDUP__ARROW_FIXED_LIST) {
        values->at = place * column->size;
        return column->size;
    }
    values->at = ndup__arrow_int(array->buffers[1], column->width, place);
    if (column->kind == NDUP__ARROW_LIST_VIEW) {
        return ndup__arrow_int(array->buffers[2], column->width, place);
    }
    count = ndup__arrow_int(array->buffers[1], column->width, place + 1) - values->at;
    return count;
}

static ndup_text view_bytes(const struct ArrowArray *array, int64_t place)
{
    const char *view = (const char *)array->buffers[1] + place * VIEW_BYTES;
    int32_t length = (int32_t)ndup__arrow_int(view, 4, 0);
    if (length <= VIEW_INSIDE) {
        return (ndup_text){view + 4, (size_t)length};
    }
    int64_t number = ndup__arrow_int(view, 4, 2);
    const char *buffer = array->buffers[2 + number];
    return (ndup_text){buffer + ndup__arrow_int(view, 4, 3), (size_t)length};
}

ndup_text ndup__arrow_bytes(ndup__arrow_cell cell)
{
    const ndup__arrow_column *column = cell.column;
    const struct ArrowArray *array = cell.array;
    int64_t place = array->offset + cell.at;
    if (column->kind == NDUP__ARROW_STRING_VIEW || column->kind == NDUP__ARROW_BINARY_VIEW) {
        return view_bytes(array, place);
    }
    if (column->kind == NDUP__ARROW_FIXED_BINARY) {
        const char *bytes = array->buffers[1];
        return (ndup_text){column->size > 0 ? bytes + place * column->size : NULL,
                           (size_t)column->size};
    }
    int64_t begin = ndup__arrow_int(array->buffers[1], column->width, place);
    int64_t end = ndup__arrow_int(array->buffers[1], column->width, place + 1);
    const char *bytes = array->buffers[2];
    return (ndup_text){end > begin ? bytes + begin : NULL, (size_t)(end - begin)};
}

bool ndup__arrow_span(uint64_t *bytes, ndup__arrow_cell first, int64_t count)
{
    const ndup__arrow_column *column = first.column;
    bool has_offsets = column->kind == NDUP__ARROW_STRING || column->kind == NDUP__ARROW_BINARY;
    int64_t place = first.array->offset + first.at;
    if (has_offsets && count > 0) {
        const void *offsets = first.array->buffers[1];
        *bytes = (uint64_t)(ndup__arrow_int(offsets, column->width, place + count) -
                            ndup__arrow_int(offsets, column->width, place));
    }
    return has_offsets;
}
