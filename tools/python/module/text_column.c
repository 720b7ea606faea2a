/* SPDX-License-Identifier: MIT */
/* Where the text of a row stands, by the layouts that Arrow has. The producer is a library of this
 * process, whose arrays are taken to be as the specification says. */
#include "text_column.h"

#include <stdio.h>
#include <string.h>

/* A string_view: the text itself where it has up to 12 bytes, else where it stands. */
typedef struct text_view {
    int32_t length;
    union {
        char own[12];
        struct {
            char prefix[4];
            int32_t buffer;
            int32_t offset;
        } far;
    } at;
} text_view;

static bool find_layout(text_layout *layout, const char *format)
{
    static const char *const formats[] = {"u", "U", "vu", "n"};
    for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(format, formats[i]) == 0) {
            *layout = (text_layout)i;
            return true;
        }
    }
    return false;
}

static bool find_type(text_column *column, const struct ArrowSchema *schema)
{
    column->index = 0;
    if (schema->dictionary == NULL) {
        return find_layout(&column->layout, schema->format);
    }
    bool is_index = schema->format[0] != '\0' && schema->format[1] == '\0' &&
                    strchr("cCsSiIlL", schema->format[0]) != NULL;
    column->index = schema->format[0];
    return is_index && find_layout(&column->layout, schema->dictionary->format);
}

/* What people call the types that are met most. */
static const char *type_name(const char *format)
{
    static const char *const names[][2] = {
        {"b", "bool"},    {"c", "int8"},   {"C", "uint8"},    {"s", "int16"},   {"S", "uint16"},
        {"i", "int32"},   {"I", "uint32"}, {"l", "int64"},    {"L", "uint64"},  {"f", "float32"},
        {"g", "float64"}, {"z", "binary"}, {"Z", "binary"},   {"vz", "binary"}, {"tdD", "date"},
        {"+l", "lists"},  {"+L", "lists"}, {"+s", "structs"}, {"+m", "maps"}};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(format, names[i][0]) == 0) {
            return names[i][1];
        }
    }
    return format;
}

static ndup_status check_type(text_column *column, const struct ArrowSchema *schema,
                              ndup_error *error)
{
    if (find_type(column, schema)) {
        return NDUP_STATUS_OK;
    }
    bool has_name = schema->name != NULL && schema->name[0] != '\0';
    *error = (ndup_error){.status = NDUP_STATUS_INVALID};
    snprintf(error->message, sizeof error->message,
             "column%s%.80s%s is of %.40s, must be of strings", has_name ? " '" : "",
             has_name ? schema->name : "", has_name ? "'" : "", type_name(schema->format));
    return NDUP_STATUS_INVALID;
}

ndup_status text_column_check(const struct ArrowSchema *schema, ndup_error *error)
{
    text_column column;
    return check_type(&column, schema, error);
}

ndup_status text_column_open(text_column *column, const struct ArrowSchema *schema,
                             struct ArrowArray *const *chunks, size_t chunk_count,
                             ndup_error *error)
{
    *column = (text_column){.chunks = chunks, .chunk_count = chunk_count};
    for (size_t i = 0; i < chunk_count; i++) {
        column->length += chunks[i]->length;
    }
    return check_type(column, schema, error);
}

void text_column_rewind(text_column *column)
{
    column->chunk = 0;
    column->row = 0;
}

static bool is_null(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;
    return array->null_count != 0 && bits != NULL && (bits[row / 8] >> (row % 8) & 1) == 0;
}

static ndup_text view_at(const struct ArrowArray *array, int64_t row)
{
    const text_view *view = (const text_view *)array->buffers[1] + row;
    size_t length = (size_t)view->length;
    if (length <= sizeof view->at.own) {
        return (ndup_text){view->at.own, length};
    }
    const char *bytes = array->buffers[2 + view->at.far.buffer];
    return (ndup_text){bytes + view->at.far.offset, length};
}

static ndup_text text_at(text_layout layout, const struct ArrowArray *array, int64_t row)
{
    if (layout == TEXT_VIEWS) {
        return view_at(array, row);
    }
    const char *bytes = array->buffers[2];
    if (layout == TEXT_OFFSETS32) {
        const int32_t *offsets = (const int32_t *)array->buffers[1] + row;
        return (ndup_text){bytes + offsets[0], (size_t)(offsets[1] - offsets[0])};
    }
    const int64_t *offsets = (const int64_t *)array->buffers[1] + row;
    return (ndup_text){bytes + offsets[0], (size_t)(offsets[1] - offsets[0])};
}

static int64_t index_at(char format, const void *indices, int64_t row)
{
    switch (format) {
    case 'c':
        return ((const int8_t *)indices)[row];
    case 'C':
        return ((const uint8_t *)indices)[row];
    case 's':
        return ((const int16_t *)indices)[row];
    case 'S':
        return ((const uint16_t *)indices)[row];
    case 'i':
        return ((const int32_t *)indices)[row];
    case 'I':
        return ((const uint32_t *)indices)[row];
    default:
        return ((const int64_t *)indices)[row];
    }
}

bool text_column_next(text_column *column, ndup_text *text)
{
    while (column->row == column->chunks[column->chunk]->length) {
        column->chunk++;
        column->row = 0;
    }
    const struct ArrowArray *array = column->chunks[column->chunk];
    int64_t row = array->offset + column->row++;
    if (column->layout == TEXT_NONE || is_null(array, row)) {
        return false;
    }
    if (column->index != 0) {
        row = index_at(column->index, array->buffers[1], row);
        array = array->dictionary;
        row += array->offset;
        if (is_null(array, row)) {
            return false;
        }
    }
    *text = text_at(column->layout, array, row);
    if (text->bytes == NULL) {
        *text = (ndup_text){"", 0}; /* of an array without bytes */
    }
    return true;
}
