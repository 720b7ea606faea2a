/* SPDX-License-Identifier: MIT */
/* Buffers of a column. What is handed over owns them, and frees them when it is released. */
#include "column_builder.h"

#include <stdlib.h>
#include <string.h>

/* What an array stands on. */
typedef struct owned_array {
    void *owned[3];          /* freed with it */
    const void *buffers[3];  /* as the interface wants them */
    struct ArrowArray child; /* of WORDS */
    struct ArrowArray *children[1];
} owned_array;

static ndup_status fail_memory(ndup_error *error)
{
    *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
    memcpy(error->message, "out of memory", sizeof "out of memory");
    return NDUP_STATUS_MEMORY;
}

static size_t value_bytes(column_type type)
{
    switch (type.kind) {
    case COLUMN_UINT32:
        return sizeof(uint32_t);
    case COLUMN_UINT64:
    case COLUMN_FLOAT64:
        return sizeof(uint64_t);
    case COLUMN_WORDS:
    case COLUMN_FIXED:
        return type.words * sizeof(uint32_t);
    default:
        return 0;
    }
}

static bool has_offsets(column_type type)
{
    return type.kind == COLUMN_BINARY || type.kind == COLUMN_TEXT;
}

ndup_status column_builder_init(column_builder *builder, column_type type, size_t rows,
                                ndup_error *error)
{
    *builder = (column_builder){.type = type, .rows = rows};
    builder->capacity = rows * value_bytes(type) + 8;
    builder->validity = calloc(rows / 8 + 1, 1);
    builder->values = malloc(builder->capacity);
    builder->offsets = calloc(has_offsets(type) ? rows + 1 : 1, sizeof *builder->offsets);
    if (builder->validity != NULL && builder->values != NULL && builder->offsets != NULL) {
        return NDUP_STATUS_OK;
    }
    column_builder_deinit(builder);
    return fail_memory(error);
}

static ndup_status reserve(column_builder *builder, size_t bytes, ndup_error *error)
{
    if (bytes <= builder->capacity - builder->used) {
        return NDUP_STATUS_OK;
    }
    size_t capacity = 2 * builder->capacity + bytes;
    char *values = realloc(builder->values, capacity);
    if (values == NULL) {
        return fail_memory(error);
    }
    builder->values = values;
    builder->capacity = capacity;
    return NDUP_STATUS_OK;
}

static void end_row(column_builder *builder)
{
    builder->count++;
    if (has_offsets(builder->type)) {
        builder->offsets[builder->count] = (int64_t)builder->used;
    }
}

ndup_status column_builder_add(column_builder *builder, const void *value, size_t bytes,
                               ndup_error *error)
{
    ndup_status status = reserve(builder, bytes, error);
    if (status == NDUP_STATUS_OK) {
        if (bytes > 0) {
            memcpy(builder->values + builder->used, value, bytes);
        }
        builder->used += bytes;
        builder->validity[builder->count / 8] |= (uint8_t)(1u << (builder->count % 8));
        end_row(builder);
    }
    return status;
}

void column_builder_add_null(column_builder *builder)
{
    size_t bytes = value_bytes(builder->type); /* there is room */
    memset(builder->values + builder->used, 0, bytes);
    builder->used += bytes;
    builder->null_count++;
    end_row(builder);
}

static void release_array(struct ArrowArray *array)
{
    owned_array *owned = array->private_data;
    if (array->n_children > 0 && owned->child.release != NULL) {
        owned->child.release(&owned->child);
    }
    for (unsigned i = 0; i < 3; i++) {
        free(owned->owned[i]);
    }
    free(owned);
    array->release = NULL;
}

static void release_child(struct ArrowArray *array)
{
    free(array->private_data); /* the parent frees the values */
    array->release = NULL;
}

/* A list's only child: all words in a row. */
static bool make_child(owned_array *owned, const column_builder *builder)
{
    const void **buffers = calloc(2, sizeof *buffers);
    if (buffers == NULL) {
        return false;
    }
    buffers[1] = builder->values;
    owned->child = (struct ArrowArray){.length = (int64_t)(builder->count * builder->type.words),
                                       .n_buffers = 2,
                                       .buffers = buffers,
                                       .release = release_child,
                                       .private_data = (void *)buffers};
    owned->children[0] = &owned->child;
    return true;
}

ndup_status column_builder_end(struct ArrowArray *array, column_builder *builder, ndup_error *error)
{
    bool is_list = builder->type.kind == COLUMN_WORDS;
    owned_array *owned = calloc(1, sizeof *owned);
    if (owned == NULL || (is_list && !make_child(owned, builder))) {
        free(owned);
        return fail_memory(error);
    }
    owned->owned[0] = builder->validity;
    owned->owned[1] = builder->offsets;
    owned->owned[2] = builder->values;
    owned->buffers[0] = builder->null_count > 0 ? builder->validity : NULL;
    owned->buffers[1] = has_offsets(builder->type) ? (void *)builder->offsets : builder->values;
    owned->buffers[2] = builder->values;
    *array = (struct ArrowArray){.length = (int64_t)builder->count,
                                 .null_count = (int64_t)builder->null_count,
                                 .n_buffers = is_list                      ? 1
                                              : has_offsets(builder->type) ? 3
                                                                           : 2,
                                 .n_children = is_list,
                                 .buffers = owned->buffers,
                                 .children = is_list ? owned->children : NULL,
                                 .release = release_array,
                                 .private_data = owned};
    *builder = (column_builder){.type = builder->type};
    return NDUP_STATUS_OK;
}

void column_builder_deinit(column_builder *builder)
{
    free(builder->validity);
    free(builder->offsets);
    free(builder->values);
    *builder = (column_builder){.type = builder->type};
}
