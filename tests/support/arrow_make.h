/* SPDX-License-Identifier: MIT */
/* Arrow arrays and streams for tests, every buffer in a block of its own size. */
#ifndef TEST_SUPPORT_ARROW_MAKE_H
#define TEST_SUPPORT_ARROW_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/arrow.h"

#define MADE_MOST 8

/* A column: its schema and its array, whose members a test may spoil. It belongs to the stream that
 * it is given to, or to the column that it is a child of. */
typedef struct made_column {
    struct ArrowSchema schema;
    struct ArrowArray array;
    const void *buffers[MADE_MOST];
    size_t bytes[MADE_MOST];
    struct ArrowSchema *child_schemas[MADE_MOST];
    struct ArrowArray *child_arrays[MADE_MOST];
    struct made_column *children[MADE_MOST];
    struct made_column *dictionary;
} made_column;

/* Strings or bytes in the format u, U, z, Z, vu or vz; a NULL text is a null. */
made_column *made_texts(const char *name, const char *format, const char *const *texts,
                        size_t count);

/* Values of `width` bytes each in any format with one buffer of them; no nulls. */
made_column *made_values(const char *name, const char *format, const void *values, size_t width,
                         size_t count);

/* A list in the format +l: offsets[count + 1] into the values. */
made_column *made_list(const char *name, const int32_t *offsets, size_t count, made_column *values);

/* A struct of so many columns, or a table, which is one. */
made_column *made_struct(const char *name, size_t count, size_t child_count, ...);

/* Indices, of `width` bytes, into a dictionary. */
made_column *made_indices(const char *name, const char *format, const void *indices, size_t width,
                          size_t count, made_column *dictionary);

/* Makes values null: bit i of `valid` says that value i is one; up to 64 values. */
void made_set_valid(made_column *column, uint64_t valid);

/* A stream of batches, which are columns of one schema, in this order. */
typedef struct made_stream {
    struct ArrowArrayStream stream;
    made_column *batches[MADE_MOST];
    size_t count;
    size_t next;
    size_t fails_at;     /* number of the batch in whose place get_next fails; from 1, 0 = none */
    const char *message; /* of the failure */
    size_t released;     /* how often it was */
} made_stream;

/* Takes over the columns, NULL-terminated. */
void made_stream_init(made_stream *self, ...);
void made_stream_deinit(made_stream *self);

/* Arrays and schemas that were handed out and not released yet. */
size_t made_live(void);

#endif
