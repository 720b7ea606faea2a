/* SPDX-License-Identifier: MIT */
/* A table in memory as the one file of a corpus: its arrays, and which columns fill which part of a
 * document. */
#ifndef NDUP__CORPUS_ROWS_H
#define NDUP__CORPUS_ROWS_H

#include "arrow/array.h"
#include "corpus/corpus_state.h"

/* A batch of the stream. */
typedef struct ndup__row_batch {
    struct ArrowArray array;
    uint64_t first; /* number of its first row */
} ndup__row_batch;

/* Where a path of the fields leads: through structs to a column or a part of one. */
typedef struct ndup__row_path {
    const ndup__arrow_column *column; /* NULL where there is none */
    size_t steps[NDUP__ARROW_DEPTH];  /* [depth] children, from the root on */
    unsigned depth;
} ndup__row_path;

/* Columns are the children of `root`, or `root` itself where the stream has texts alone. Threads:
 * immutable once a run has begun. */
typedef struct ndup__rows {
    ndup__arena strings; /* the schema */
    const ndup__arrow_column *root;
    const ndup__arrow_column *columns; /* [column_count] */
    size_t column_count;
    ndup_text *keys; /* [column_count] "name": as in JSON */
    ndup__row_batch *batches;
    size_t batch_count;
    size_t batch_capacity;
    uint64_t count;
    ndup__row_path paths[NDUP__RECORD_FIELDS]; /* of the corpus's fields */
    bool *is_field;                            /* [column_count] whether a path begins with it */
    unsigned direct;    /* bits by ndup__role: read from its columns; others are from a record */
    bool reads_records; /* some are, or further fields */
} ndup__rows;

NDUP_NODISCARD ndup_status ndup__rows_new(ndup__rows **rows, const ndup_allocator *allocator,
                                          ndup_error *error);
void ndup__rows_free(const ndup_allocator *allocator, ndup__rows *rows);

/* Reads the stream's schema, and finds the columns of the corpus's fields. Errors: those of
 * ndup__arrow_column_read and ndup__rows_find_columns; IO. */
NDUP_NODISCARD ndup_status ndup__rows_read_schema(ndup__rows *rows, const ndup_corpus *corpus,
                                                  struct ArrowArrayStream *stream,
                                                  ndup_error *error);

/* Takes the next batch that has rows; *more is false at the end. Errors: those of
 * ndup__arrow_check; IO; LIMIT. */
NDUP_NODISCARD ndup_status ndup__rows_next(ndup__rows *rows, const ndup_corpus *corpus,
                                           struct ArrowArrayStream *stream, bool *more,
                                           ndup_error *error);

/* Releases the batches; their rows stay counted. */
void ndup__rows_drop(ndup__rows *rows);

/* Finds the columns of the corpus's fields; again whenever these change. Errors: NOT_FOUND for a
 * column that was asked for, or the text, and is not there; INVALID for a type that cannot be. */
NDUP_NODISCARD ndup_status ndup__rows_find_columns(ndup__rows *rows, const ndup_corpus *corpus,
                                                   ndup_error *error);

/* The batch that a row is in. */
const ndup__row_batch *ndup__rows_batch(const ndup__rows *rows, uint64_t row);

/* The value of a row of the batch in a column, and where a path leads. Null as a whole is null in
 * every part. */
ndup__arrow_cell ndup__rows_cell(const ndup__rows *rows, const ndup__row_batch *batch, uint64_t row,
                                 size_t column);
ndup__arrow_cell ndup__rows_value(const ndup__rows *rows, const ndup__row_batch *batch,
                                  uint64_t row, const ndup__row_path *path);

/* Bytes of the texts of `count` rows of one batch. */
uint64_t ndup__rows_text_bytes(const ndup_corpus *corpus, const ndup__row_batch *batch,
                               uint64_t row, uint64_t count);

/* Puts the row's record into `line`: all its columns, or those that fields are read from. Bytes are
 * base64, but for those of the latter. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__rows_record(ndup__json_line *line, const ndup__rows *rows,
                                             uint64_t row, bool fields_only, ndup_error *error);

#endif
