/* SPDX-License-Identifier: MIT */
/* Rows as one Arrow batch, without a copy: every array keeps the rows that it points into. */
#include <errno.h>
#include <stdlib.h>

#include "py_rows.h"

/* A batch, or its schema: the struct and its columns, which may be moved out one by one. */
typedef struct batch {
    rows *rows;
    struct ArrowArray **children;
    struct ArrowArray arrays[];
} batch;

typedef struct schema_parts {
    struct ArrowSchema **children;
    struct ArrowSchema schemas[];
} schema_parts;

typedef struct row_stream {
    rows *rows;
    bool is_read;
} row_stream;

static const char no_values[8];

static void release_column(struct ArrowArray *array)
{
    rows_give(array->private_data);
    array->release = NULL;
}

static void release_batch(struct ArrowArray *array)
{
    batch *self = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (self->children[i]->release != NULL) {
            self->children[i]->release(self->children[i]);
        }
    }
    rows_give(self->rows);
    free(self->children);
    free(self);
    array->release = NULL;
}

static void make_column(struct ArrowArray *array, rows *from, size_t i)
{
    cells *column = &from->cells[i];
    bool is_text = from->columns[i].kind == CELL_TEXT;
    const void *values = column->values != NULL ? column->values : no_values;
    column->buffers[0] = column->nulls > 0 ? column->validity : NULL;
    column->buffers[1] = is_text ? (const void *)column->offsets : values;
    column->buffers[2] = values;
    rows_keep(from);
    *array = (struct ArrowArray){.length = (int64_t)from->count,
                                 .null_count = (int64_t)column->nulls,
                                 .n_buffers = is_text ? 3 : 2,
                                 .buffers = column->buffers,
                                 .release = release_column,
                                 .private_data = from};
}

static bool make_batch(struct ArrowArray *array, rows *from)
{
    static const void *no_nulls[1] = {NULL};
    batch *self = calloc(1, sizeof *self + from->column_count * sizeof *self->arrays);
    struct ArrowArray **children = calloc(from->column_count, sizeof(void *));
    if (self == NULL || children == NULL) {
        free(self);
        free((void *)children);
        return false;
    }
    rows_keep(from);
    *self = (batch){.rows = from, .children = children};
    for (size_t i = 0; i < from->column_count; i++) {
        make_column(&self->arrays[i], from, i);
        children[i] = &self->arrays[i];
    }
    *array = (struct ArrowArray){.length = (int64_t)from->count,
                                 .n_buffers = 1,
                                 .n_children = (int64_t)from->column_count,
                                 .buffers = no_nulls,
                                 .children = children,
                                 .release = release_batch,
                                 .private_data = self};
    return true;
}

static void release_part(struct ArrowSchema *schema)
{
    schema->release = NULL; /* it stands in its parent */
}

static void release_schema(struct ArrowSchema *schema)
{
    schema_parts *self = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (self->children[i]->release != NULL) {
            self->children[i]->release(self->children[i]);
        }
    }
    free(self->children);
    free(self);
    schema->release = NULL;
}

static const char *format_of(cell_kind kind)
{
    static const char *const formats[] = {[CELL_COUNT] = "L",
                                          [CELL_SHARE] = "g",
                                          [CELL_FLAG] = "b",
                                          [CELL_TEXT] = "U",
                                          [CELL_TIME] = "tsm:UTC"};
    return formats[kind];
}

static bool make_schema(struct ArrowSchema *schema, const rows *from)
{
    schema_parts *self = calloc(1, sizeof *self + from->column_count * sizeof *self->schemas);
    struct ArrowSchema **children = calloc(from->column_count, sizeof(void *));
    if (self == NULL || children == NULL) {
        free(self);
        free((void *)children);
        return false;
    }
    self->children = children;
    for (size_t i = 0; i < from->column_count; i++) {
        self->schemas[i] = (struct ArrowSchema){.format = format_of(from->columns[i].kind),
                                                .name = from->columns[i].name,
                                                .flags = ARROW_FLAG_NULLABLE,
                                                .release = release_part,
                                                .private_data = self};
        children[i] = &self->schemas[i];
    }
    *schema = (struct ArrowSchema){.format = "+s",
                                   .name = "",
                                   .n_children = (int64_t)from->column_count,
                                   .children = children,
                                   .release = release_schema,
                                   .private_data = self};
    return true;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    row_stream *self = stream->private_data;
    return make_schema(out, self->rows) ? 0 : ENOMEM;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    row_stream *self = stream->private_data;
    *out = (struct ArrowArray){.release = NULL};
    if (self->is_read || self->rows->count == 0) {
        return 0;
    }
    self->is_read = true;
    return make_batch(out, self->rows) ? 0 : ENOMEM;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "out of memory";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    row_stream *self = stream->private_data;
    rows_give(self->rows);
    free(self);
    stream->release = NULL;
}

ndup_status rows_stream(struct ArrowArrayStream *stream, rows *self, ndup_error *error)
{
    row_stream *made = malloc(sizeof *made);
    if (made == NULL) {
        *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
        return NDUP_STATUS_MEMORY;
    }
    rows_keep(self);
    *made = (row_stream){self, false};
    *stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, made};
    return NDUP_STATUS_OK;
}
