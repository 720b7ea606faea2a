/* SPDX-License-Identifier: MIT */
/* A row of a table in memory as a JSON object, its members in the order of the columns. */
#include <string.h>

#include "arrow/print.h"
#include "base/base64.h"
#include "base/error.h"
#include "corpus/rows.h"

static ndup_status add(ndup__json_line *line, const char *text, ndup_error *error)
{
    return ndup__json_line_add(line, text, strlen(text), error);
}

static ndup_status add_base64(ndup__json_line *line, ndup_text bytes, ndup_error *error)
{
    /* Three bytes are four letters, so pieces of so many can be written behind each other. */
    enum { PIECE = 3000 };
    char letters[PIECE / 3 * 4];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; at < bytes.length && status == NDUP_STATUS_OK; at += PIECE) {
        size_t length = bytes.length - at < PIECE ? bytes.length - at : PIECE;
        ndup__base64_encode(letters, bytes.bytes + at, length);
        status = ndup__json_line_add(line, letters, ndup__base64_length(length), error);
    }
    return status;
}

static ndup_status add_bytes(ndup__json_line *line, ndup__arrow_cell cell, bool is_string,
                             ndup_error *error)
{
    ndup_text bytes = ndup__arrow_bytes(cell);
    ndup_status status = add(line, "\"", error);
    if (status == NDUP_STATUS_OK && bytes.length > 0) {
        status = is_string ? ndup__json_line_escape(line, bytes.bytes, bytes.length, error)
                           : add_base64(line, bytes, error);
    }
    return status == NDUP_STATUS_OK ? add(line, "\"", error) : status;
}

static ndup_status add_value(ndup__json_line *line, ndup__arrow_cell cell, ndup_error *error);

static ndup_status add_list(ndup__json_line *line, ndup__arrow_cell cell, ndup_error *error)
{
    ndup__arrow_cell value;
    int64_t count = ndup__arrow_list(&value, cell);
    ndup_status status = add(line, "[", error);
    for (int64_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = i > 0 ? add(line, ",", error) : status;
        if (status == NDUP_STATUS_OK) {
            status = add_value(line, value, error);
        }
        value.at++;
    }
    return status == NDUP_STATUS_OK ? add(line, "]", error) : status;
}

static ndup_status add_key(ndup__json_line *line, const ndup__arrow_column *column, size_t child,
                           ndup_error *error)
{
    const char *name = column->children[child].name;
    ndup_status status = add(line, child > 0 ? ",\"" : "\"", error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_escape(line, name, strlen(name), error);
    }
    return status == NDUP_STATUS_OK ? add(line, "\":", error) : status;
}

static ndup_status add_struct(ndup__json_line *line, ndup__arrow_cell cell, ndup_error *error)
{
    ndup_status status = add(line, "{", error);
    for (size_t i = 0; i < cell.column->child_count && status == NDUP_STATUS_OK; i++) {
        status = add_key(line, cell.column, i, error);
        if (status == NDUP_STATUS_OK) {
            status = add_value(line, ndup__arrow_member(cell, i), error);
        }
    }
    return status == NDUP_STATUS_OK ? add(line, "}", error) : status;
}

static ndup_status add_value(ndup__json_line *line, ndup__arrow_cell cell, ndup_error *error)
{
    char printed[NDUP__ARROW_PRINTED];
    size_t length;
    cell = ndup__arrow_resolve(cell);
    ndup__arrow_form form = ndup__arrow_print(printed, &length, cell);
    ndup_status status = NDUP_STATUS_OK;
    switch (form) {
    case NDUP__ARROW_AS_BYTES:
        return add_bytes(line, cell,
                         cell.column->kind == NDUP__ARROW_STRING ||
                             cell.column->kind == NDUP__ARROW_STRING_VIEW,
                         error);
    case NDUP__ARROW_AS_LIST:
        return add_list(line, cell, error);
    case NDUP__ARROW_AS_STRUCT:
        return add_struct(line, cell, error);
    case NDUP__ARROW_AS_NOTHING:
        return add(line, "null", error);
    case NDUP__ARROW_AS_STRING:
        status = add(line, "\"", error);
        break;
    case NDUP__ARROW_AS_WORD:
        break;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, printed, length, error);
    }
    return status == NDUP_STATUS_OK && form == NDUP__ARROW_AS_STRING ? add(line, "\"", error)
                                                                     : status;
}

/* A struct that is null, as one of nulls. */
static ndup_status add_empty(ndup__json_line *line, const ndup__arrow_column *column,
                             ndup_error *error)
{
    if (column->kind != NDUP__ARROW_STRUCT) {
        return add(line, "null", error);
    }
    ndup_status status = add(line, "{", error);
    for (size_t i = 0; i < column->child_count && status == NDUP_STATUS_OK; i++) {
        status = add_key(line, column, i, error);
        if (status == NDUP_STATUS_OK) {
            status = add_empty(line, &column->children[i], error);
        }
    }
    return status == NDUP_STATUS_OK ? add(line, "}", error) : status;
}

/* Bytes that are a part of the document are written as what they are read as. For who reads fields
 * of the record, structs that are null have the parts that their column has: null is empty. */
static ndup_status add_column(ndup__json_line *line, const ndup__rows *rows, size_t number,
                              ndup__arrow_cell cell, bool fields_only, ndup_error *error)
{
    const ndup_text *key = &rows->keys[number];
    const ndup__arrow_column *column = &rows->columns[number];
    ndup_status status = ndup__json_line_add(line, key->bytes, key->length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    cell = ndup__arrow_resolve(cell);
    bool is_null = ndup__arrow_is_null(cell);
    if (is_null && fields_only) {
        return add_empty(line, column, error);
    }
    return rows->is_field[number] && ndup__arrow_is_text(cell.column) && !is_null
               ? add_bytes(line, cell, true, error)
               : add_value(line, cell, error);
}

ndup_status ndup__rows_record(ndup__json_line *line, const ndup__rows *rows, uint64_t row,
                              bool fields_only, ndup_error *error)
{
    const ndup__row_batch *batch = ndup__rows_batch(rows, row);
    line->length = 0;
    ndup_status status = add(line, "{", error);
    for (size_t i = 0; i < rows->column_count && status == NDUP_STATUS_OK; i++) {
        if (fields_only && !rows->is_field[i]) {
            continue;
        }
        status = line->length > 1 ? add(line, ",", error) : status;
        if (status == NDUP_STATUS_OK) {
            status =
                add_column(line, rows, i, ndup__rows_cell(rows, batch, row, i), fields_only, error);
        }
    }
    return status == NDUP_STATUS_OK ? add(line, "}", error) : status;
}
