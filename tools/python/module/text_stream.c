/* SPDX-License-Identifier: MIT */
/* Chunks of some 16 MiB of text, so that the one that grows is never copied at length. */
#include "text_stream.h"

#include <stdlib.h>
#include <string.h>

#include "lists.h"

#define CHUNK_BYTES ((size_t)16 << 20)
#define CHUNK_ROWS 65536
/* Rows between two looks at signals. */
#define ROWS_A_LOOK 4096

typedef struct chunk {
    struct chunk *next;
    int64_t *offsets;  /* rows + 1 */
    uint8_t *validity; /* a bit a row */
    int64_t rows;
    int64_t nulls;
    char *bytes;
    size_t capacity;
    const void *buffers[3];
} chunk;

typedef struct text_stream {
    chunk *first;
    chunk **end;
    chunk *open; /* the one that grows */
    uint64_t rows;
} text_stream;

static void free_chunk(chunk *self)
{
    free(self->offsets);
    free(self->validity);
    free(self->bytes);
    free(self);
}

static void release_array(struct ArrowArray *array)
{
    free_chunk(array->private_data);
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    *out = (struct ArrowSchema){.format = "U",
                                .name = "",
                                .flags = ARROW_FLAG_NULLABLE,
                                .release = release_schema,
                                .private_data = stream->private_data};
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    text_stream *self = stream->private_data;
    chunk *given = self->first;
    *out = (struct ArrowArray){.release = NULL};
    if (given == NULL) {
        return 0;
    }
    self->first = given->next;
    given->buffers[0] = given->nulls > 0 ? given->validity : NULL;
    given->buffers[1] = given->offsets;
    given->buffers[2] = given->bytes;
    *out = (struct ArrowArray){.length = given->rows,
                               .null_count = given->nulls,
                               .n_buffers = 3,
                               .buffers = given->buffers,
                               .release = release_array,
                               .private_data = given};
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    text_stream *self = stream->private_data;
    while (self->first != NULL) {
        chunk *next = self->first->next;
        free_chunk(self->first);
        self->first = next;
    }
    free(self);
    stream->release = NULL;
}

static bool begin_chunk(text_stream *self)
{
    chunk *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return false;
    }
    *self->end = fresh;
    self->end = &fresh->next;
    self->open = fresh;
    fresh->offsets = calloc(CHUNK_ROWS + 1, sizeof *fresh->offsets);
    fresh->validity = calloc(CHUNK_ROWS / 8, 1);
    return fresh->offsets != NULL && fresh->validity != NULL;
}

/* Makes room in the open chunk, or begins another. */
static bool make_room(text_stream *self, size_t length)
{
    chunk *open = self->open;
    size_t used = open != NULL ? (size_t)open->offsets[open->rows] : 0;
    if (open == NULL || open->rows == CHUNK_ROWS || (used > 0 && used + length > CHUNK_BYTES)) {
        if (!begin_chunk(self)) {
            return false;
        }
        open = self->open;
        used = 0;
    }
    if (used + length > open->capacity || open->bytes == NULL) {
        size_t capacity = 2 * (used + length) + 64;
        char *bytes = realloc(open->bytes, capacity);
        if (bytes == NULL) {
            return false;
        }
        open->bytes = bytes;
        open->capacity = capacity;
    }
    return true;
}

static bool add(text_stream *self, ndup_text text, bool is_null)
{
    if (!make_room(self, text.length)) {
        PyErr_NoMemory();
        return false;
    }
    chunk *open = self->open;
    int64_t used = open->offsets[open->rows];
    memcpy(open->bytes + used, text.bytes, text.length);
    open->validity[open->rows / 8] |= (uint8_t)(!is_null << (open->rows % 8));
    open->nulls += is_null;
    open->offsets[++open->rows] = used + (int64_t)text.length;
    self->rows++;
    return true;
}

static bool add_text(text_stream *self, PyObject *text)
{
    ndup_text bytes;
    PyObject *encoded = text_bytes(&bytes, text);
    bool is_added = encoded != NULL && add(self, bytes, false);
    Py_XDECREF(encoded);
    return is_added;
}

static bool add_row(text_stream *self, PyObject *row)
{
    if (row == Py_None) {
        return add(self, (ndup_text){"", 0}, true);
    }
    if (PyUnicode_Check(row)) {
        return add_text(self, row);
    }
    PyObject *type = PyType_GetName(Py_TYPE(row));
    if (type != NULL) {
        PyErr_Format(PyExc_TypeError, "text %llu must be a str or None, not %U",
                     (unsigned long long)self->rows, type);
        Py_DECREF(type);
    }
    return false;
}

static bool add_rows(text_stream *self, PyObject *iterator)
{
    PyObject *row;
    while ((row = PyIter_Next(iterator)) != NULL) {
        bool goes_on = add_row(self, row);
        Py_DECREF(row);
        if (!goes_on || (self->rows % ROWS_A_LOOK == 0 && PyErr_CheckSignals() != 0)) {
            return false;
        }
    }
    return PyErr_Occurred() == NULL;
}

bool text_stream_read(struct ArrowArrayStream *stream, PyObject *texts)
{
    text_stream *self = calloc(1, sizeof *self);
    if (self == NULL) {
        PyErr_NoMemory();
        return false;
    }
    self->end = &self->first;
    *stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, self};
    PyObject *iterator = PyObject_GetIter(texts);
    bool is_read = iterator != NULL && add_rows(self, iterator);
    Py_XDECREF(iterator);
    if (!is_read) {
        release_stream(stream);
    }
    return is_read;
}
