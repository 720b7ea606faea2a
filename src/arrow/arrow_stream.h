/* SPDX-License-Identifier: MIT */
/* Handing out rows as an Arrow stream of structs, batch by batch. */
#ifndef NDUP__ARROW_ARROW_STREAM_H
#define NDUP__ARROW_ARROW_STREAM_H

#include "arrow/schema.h"
#include "neardup/document.h"

/* Rows of a batch, which ends earlier where its strings are long. */
#define NDUP__ARROW_BATCH_ROWS 65536

/* A column: its format is one of L, I (numbers), g, b and u. */
typedef struct ndup__arrow_field {
    const char *name;
    const char *format;
    bool is_nullable;
} ndup__arrow_field;

/* The batch that is being filled. Each column gets one value for each row. */
typedef struct ndup__arrow_batch ndup__arrow_batch;

void ndup__arrow_add_uint(ndup__arrow_batch *batch, size_t column, uint64_t value);
void ndup__arrow_add_float(ndup__arrow_batch *batch, size_t column, double value);
void ndup__arrow_add_bool(ndup__arrow_batch *batch, size_t column, bool value);
void ndup__arrow_add_null(ndup__arrow_batch *batch, size_t column);

/* Damaged UTF-8 becomes U+FFFD, since other programs trust that there is none. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__arrow_add_text(ndup__arrow_batch *batch, size_t column,
                                                ndup_text text, ndup_error *error);

/* Where rows come from; everything in it is borrowed until the stream is released. */
typedef struct ndup__arrow_source {
    const ndup__arrow_field *fields; /* [field_count] */
    size_t field_count;
    uint64_t rows;
    const void *context;
    ndup_status (*add_row)(const void *context, ndup__arrow_batch *batch, uint64_t row,
                           ndup_error *error);
} ndup__arrow_source;

/* Batches may outlive the stream, so their memory is of the C library's heap. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__arrow_stream_open(struct ArrowArrayStream *stream,
                                                   const ndup__arrow_source *source,
                                                   ndup_error *error);

#endif
