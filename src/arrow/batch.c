/* SPDX-License-Identifier: MIT */
/* The arrays of a batch. Each owns its buffers, since whoever takes a batch may take its columns
 * apart and release them one by one. */
#include "arrow/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "text/utf8.h"

#define BUFFERS_MOST 3
/* A damaged byte may become the three of U+FFFD. */
#define GROWTH_MOST 3

/* A column and the array that owns it. */
typedef struct column_part {
    char format;
    bool is_nullable;
    size_t rows; /* that there is room for */
    size_t count;
    int64_t null_count;
    uint8_t *validity;
    char *values; /* of strings: their bytes */
    size_t value_bytes;
    size_t value_capacity;
    int32_t *offsets; /* of strings */
    const void *buffers[BUFFERS_MOST];
} column_part;

struct ndup__arrow_batch {
    size_t count;
    column_part **parts; /* [count] */
    struct ArrowArray *arrays;
    struct ArrowArray **children;
    const void *buffers[1];
};

static size_t width_of(char format)
{
    return format == 'I' ? 4 : 8;
}

static size_t bitmap_bytes(size_t rows)
{
    return rows / 8 + 1;
}

static void free_part(column_part *part)
{
    if (part == NULL) {
        return;
    }
    ndup__free(NULL, &part->validity, bitmap_bytes(part->rows), 1);
    ndup__free(NULL, &part->values, part->value_capacity, 1);
    ndup__free(NULL, &part->offsets, part->rows + 1, sizeof *part->offsets);
    ndup__free(NULL, &part, 1, sizeof *part);
}

static ndup_status new_part(column_part **out, const ndup__arrow_field *field, size_t rows,
                            ndup_error *error)
{
    column_part *part;
    ndup_status status = ndup__allocate_zeroed(NULL, &part, 1, sizeof *part, error);
    *out = part;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    part->format = field->format[0];
    part->is_nullable = field->is_nullable;
    part->rows = rows;
    bool is_text = part->format == 'u';
    part->value_capacity = is_text               ? 1
                           : part->format == 'b' ? bitmap_bytes(rows)
                                                 : (rows + 1) * width_of(part->format);
    status = ndup__allocate_zeroed(NULL, &part->values, part->value_capacity, 1, error);
    if (status == NDUP_STATUS_OK && part->is_nullable) {
        status = ndup__allocate_zeroed(NULL, &part->validity, bitmap_bytes(rows), 1, error);
    }
    if (status == NDUP_STATUS_OK && is_text) {
        status =
            ndup__allocate_zeroed(NULL, &part->offsets, rows + 1, sizeof *part->offsets, error);
    }
    return status;
}

ndup_status ndup__arrow_batch_new(ndup__arrow_batch **out, const ndup__arrow_field *fields,
                                  size_t field_count, size_t rows, ndup_error *error)
{
    ndup__arrow_batch *batch;
    ndup_status status = ndup__allocate_zeroed(NULL, &batch, 1, sizeof *batch, error);
    *out = batch;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    batch->count = field_count;
    status = ndup__allocate_zeroed(NULL, &batch->parts, field_count, sizeof *batch->parts, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(NULL, &batch->arrays, field_count, sizeof *batch->arrays, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(NULL, &batch->children, field_count, sizeof *batch->children,
                                       error);
    }
    for (size_t i = 0; i < field_count && status == NDUP_STATUS_OK; i++) {
        status = new_part(&batch->parts[i], &fields[i], rows, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__arrow_batch_free(batch);
        *out = NULL;
    }
    return status;
}

void ndup__arrow_batch_free(ndup__arrow_batch *batch)
{
    if (batch == NULL) {
        return;
    }
    for (size_t i = 0; batch->parts != NULL && i < batch->count; i++) {
        free_part(batch->parts[i]);
    }
    ndup__free(NULL, &batch->parts, batch->count, sizeof *batch->parts);
    ndup__free(NULL, &batch->arrays, batch->count, sizeof *batch->arrays);
    ndup__free(NULL, &batch->children, batch->count, sizeof *batch->children);
    ndup__free(NULL, &batch, 1, sizeof *batch);
}

size_t ndup__arrow_batch_bytes(const ndup__arrow_batch *batch)
{
    size_t most = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const column_part *part = batch->parts[i];
        most = part->format == 'u' && part->value_bytes > most ? part->value_bytes : most;
    }
    return most;
}

static void set_bit(void *bits, size_t at)
{
    uint8_t *byte = (uint8_t *)bits + at / 8;
    *byte = (uint8_t)(*byte | 1u << (at % 8));
}

/* The next row of a column; it has a value. */
static size_t next_row(column_part *part)
{
    if (part->validity != NULL) {
        set_bit(part->validity, part->count);
    }
    return part->count++;
}

void ndup__arrow_add_uint(ndup__arrow_batch *batch, size_t column, uint64_t value)
{
    column_part *part = batch->parts[column];
    size_t row = next_row(part);
    uint32_t low = (uint32_t)value;
    if (part->format == 'I') {
        memcpy(part->values + row * sizeof low, &low, sizeof low);
    } else {
        memcpy(part->values + row * sizeof value, &value, sizeof value);
    }
}

void ndup__arrow_add_float(ndup__arrow_batch *batch, size_t column, double value)
{
    column_part *part = batch->parts[column];
    memcpy(part->values + next_row(part) * sizeof value, &value, sizeof value);
}

void ndup__arrow_add_bool(ndup__arrow_batch *batch, size_t column, bool value)
{
    column_part *part = batch->parts[column];
    size_t row = next_row(part);
    if (value) {
        set_bit(part->values, row);
    }
}

/* Appends the text's characters; there is room for what it can become. */
static void add_characters(column_part *part, ndup_text text)
{
    char *out = part->values + part->value_bytes;
    for (size_t at = 0; at < text.length;) {
        uint32_t code_point;
        uint64_t replaced = 0;
        at += ndup__utf8_read(&code_point, text.bytes + at, text.length - at, &replaced);
        out += ndup__utf8_write(out, code_point);
    }
    part->value_bytes = (size_t)(out - part->values);
}

ndup_status ndup__arrow_add_text(ndup__arrow_batch *batch, size_t column, ndup_text text,
                                 ndup_error *error)
{
    column_part *part = batch->parts[column];
    bool is_plain = ndup__utf8_is_ascii(text.bytes, text.length);
    size_t wanted = part->value_bytes + (is_plain ? 1 : GROWTH_MOST) * text.length;
    ndup_status status =
        ndup__reserve(NULL, &part->values, &part->value_capacity, wanted, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (is_plain && text.length > 0) {
        memcpy(part->values + part->value_bytes, text.bytes, text.length);
        part->value_bytes = wanted;
    } else {
        add_characters(part, text);
    }
    part->offsets[next_row(part) + 1] = (int32_t)part->value_bytes;
    return status;
}

void ndup__arrow_add_null(ndup__arrow_batch *batch, size_t column)
{
    column_part *part = batch->parts[column];
    part->count++;
    part->null_count++;
    if (part->offsets != NULL) {
        part->offsets[part->count] = (int32_t)part->value_bytes;
    }
}

static void release_column(struct ArrowArray *array)
{
    free_part(array->private_data);
    array->release = NULL;
}

/* Columns that were moved elsewhere are released there. */
static void release_batch(struct ArrowArray *array)
{
    ndup__arrow_batch *batch = array->private_data;
    for (size_t i = 0; i < batch->count; i++) {
        batch->parts[i] = NULL;
        if (batch->arrays[i].release != NULL) {
            batch->arrays[i].release(&batch->arrays[i]);
        }
    }
    ndup__arrow_batch_free(batch);
    array->release = NULL;
}

static void give_column(struct ArrowArray *array, column_part *part)
{
    bool is_text = part->format == 'u';
    part->buffers[0] = part->null_count > 0 ? part->validity : NULL;
    part->buffers[1] = is_text ? (const void *)part->offsets : part->values;
    part->buffers[2] = is_text ? part->values : NULL;
    *array = (struct ArrowArray){.length = (int64_t)part->count,
                                 .null_count = part->null_count,
                                 .n_buffers = is_text ? 3 : 2,
                                 .buffers = part->buffers,
                                 .release = release_column,
                                 .private_data = part};
}

void ndup__arrow_batch_give(struct ArrowArray *array, ndup__arrow_batch *batch, size_t rows)
{
    for (size_t i = 0; i < batch->count; i++) {
        give_column(&batch->arrays[i], batch->parts[i]);
        batch->children[i] = &batch->arrays[i];
    }
    *array = (struct ArrowArray){.length = (int64_t)rows,
                                 .n_buffers = 1,
                                 .n_children = (int64_t)batch->count,
                                 .buffers = batch->buffers,
                                 .children = batch->children,
                                 .release = release_batch,
                                 .private_data = batch};
}
