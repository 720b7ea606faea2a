/* SPDX-License-Identifier: MIT */
/* Arrow arrays and streams for tests. */
#include "support/arrow_make.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static size_t live;

size_t made_live(void)
{
    return live;
}

/* Released once each; what they refer to stays with the column. */
static void release_array(struct ArrowArray *array)
{
    assert_non_null(array->release);
    array->release = NULL;
    live--;
}

static void release_schema(struct ArrowSchema *schema)
{
    assert_non_null(schema->release);
    schema->release = NULL;
    live--;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static made_column *new_column(const char *name, const char *format, size_t count,
                               int64_t buffer_count)
{
    made_column *column = calloc(1, sizeof *column);
    assert_non_null(column);
    column->schema = (struct ArrowSchema){.format = format,
                                          .name = name,
                                          .flags = ARROW_FLAG_NULLABLE,
                                          .children = column->child_schemas,
                                          .release = keep_schema,
                                          .private_data = column};
    column->array = (struct ArrowArray){.length = (int64_t)count,
                                        .null_count = -1,
                                        .n_buffers = buffer_count,
                                        .buffers = column->buffers,
                                        .children = column->child_arrays,
                                        .release = keep_array,
                                        .private_data = column};
    return column;
}

static void set_buffer(made_column *column, size_t number, const void *bytes, size_t length)
{
    void *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    free((void *)(uintptr_t)column->buffers[number]);
    column->buffers[number] = copy;
    column->bytes[number] = length;
}

static void add_child(made_column *column, made_column *child)
{
    size_t at = (size_t)column->schema.n_children;
    assert_true(at < MADE_MOST);
    column->children[at] = child;
    column->child_schemas[at] = &child->schema;
    column->child_arrays[at] = &child->array;
    column->schema.n_children = column->array.n_children = (int64_t)at + 1;
}

static void free_column(made_column *column)
{
    if (column == NULL) {
        return;
    }
    for (size_t i = 0; i < MADE_MOST; i++) {
        free((void *)(uintptr_t)column->buffers[i]);
        free_column(column->children[i]);
    }
    free_column(column->dictionary);
    free(column);
}

void made_set_valid(made_column *column, uint64_t valid)
{
    set_buffer(column, 0, &valid, sizeof valid);
}

static uint64_t validity_of(const char *const *texts, size_t count)
{
    uint64_t valid = 0;
    for (size_t i = 0; i < count; i++) {
        valid |= (uint64_t)(texts[i] != NULL) << i;
    }
    return valid;
}

static made_column *made_views(made_column *column, const char *const *texts, size_t count)
{
    char views[64][16] = {{0}};
    char bytes[4096];
    int64_t length = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t view[4] = {texts[i] != NULL ? (int32_t)strlen(texts[i]) : 0, 0, 0, (int32_t)length};
        if (view[0] > 12) {
            memcpy(&view[1], texts[i], 4);
            memcpy(bytes + length, texts[i], (size_t)view[0]);
            length += view[0];
        } else if (view[0] > 0) {
            memset(&view[1], 0, 12);
            memcpy(&view[1], texts[i], (size_t)view[0]);
        }
        memcpy(views[i], view, sizeof view);
    }
    column->array.n_buffers = 4;
    set_buffer(column, 1, views, count * sizeof views[0]);
    set_buffer(column, 2, bytes, (size_t)length);
    set_buffer(column, 3, &length, sizeof length);
    return column;
}

made_column *made_texts(const char *name, const char *format, const char *const *texts,
                        size_t count)
{
    made_column *column = new_column(name, format, count, 3);
    int32_t small[65] = {0};
    int64_t large[65] = {0};
    char bytes[4096];
    assert_true(count <= 64);
    made_set_valid(column, validity_of(texts, count));
    if (format[0] == 'v') {
        return made_views(column, texts, count);
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = texts[i] != NULL ? strlen(texts[i]) : 0;
        memcpy(bytes + large[i], texts[i] != NULL ? texts[i] : "", length);
        large[i + 1] = large[i] + (int64_t)length;
        small[i + 1] = (int32_t)large[i + 1];
    }
    bool is_large = format[0] == 'U' || format[0] == 'Z';
    set_buffer(column, 1, is_large ? (void *)large : small, (count + 1) * (is_large ? 8 : 4));
    set_buffer(column, 2, bytes, (size_t)large[count]);
    return column;
}

made_column *made_values(const char *name, const char *format, const void *values, size_t width,
                         size_t count)
{
    made_column *column = new_column(name, format, count, 2);
    set_buffer(column, 1, values, width * count);
    return column;
}

made_column *made_list(const char *name, const int32_t *offsets, size_t count, made_column *values)
{
    made_column *column = new_column(name, "+l", count, 2);
    set_buffer(column, 1, offsets, (count + 1) * sizeof *offsets);
    add_child(column, values);
    return column;
}

made_column *made_struct(const char *name, size_t count, size_t child_count, ...)
{
    made_column *column = new_column(name, "+s", count, 1);
    va_list children;
    va_start(children, child_count);
    for (size_t i = 0; i < child_count; i++) {
        add_child(column, va_arg(children, made_column *));
    }
    va_end(children);
    return column;
}

made_column *made_indices(const char *name, const char *format, const void *indices, size_t width,
                          size_t count, made_column *dictionary)
{
    made_column *column = made_values(name, format, indices, width, count);
    column->dictionary = dictionary;
    column->schema.dictionary = &dictionary->schema;
    column->array.dictionary = &dictionary->array;
    return column;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema)
{
    made_stream *self = stream->private_data;
    *schema = self->batches[0]->schema;
    if (schema->release != NULL) {
        schema->release = release_schema;
        live++;
    }
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array)
{
    made_stream *self = stream->private_data;
    *array = (struct ArrowArray){.release = NULL};
    if (self->fails_at > 0 && self->next + 1 == self->fails_at) {
        return EIO;
    }
    if (self->next < self->count) {
        *array = self->batches[self->next++]->array;
        if (array->release != NULL) {
            array->release = release_array;
            live++;
        }
    }
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const made_stream *self = stream->private_data;
    return self->message;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    made_stream *self = stream->private_data;
    self->released++;
    stream->release = NULL;
}

void made_stream_init(made_stream *self, ...)
{
    va_list batches;
    *self = (made_stream){.stream = {.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = self}};
    va_start(batches, self);
    made_column *batch;
    while ((batch = va_arg(batches, made_column *)) != NULL) {
        assert_true(self->count < MADE_MOST);
        self->batches[self->count++] = batch;
    }
    va_end(batches);
}

void made_stream_deinit(made_stream *self)
{
    assert_int_equal(live, 0);
    for (size_t i = 0; i < self->count; i++) {
        free_column(self->batches[i]);
    }
}
