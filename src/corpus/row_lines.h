/* SPDX-License-Identifier: MIT */
/* The rows of a file of tables as lines of JSON, of the columns that the corpus reads. */
#ifndef NDUP__CORPUS_ROW_LINES_H
#define NDUP__CORPUS_ROW_LINES_H

#include "corpus/corpus_state.h"

/* Threads: single-owner. Memory: a batch and a line. */
typedef struct ndup__row_lines ndup__row_lines;

/* Errors: those of ndup__table_files_read and ndup__rows_find_columns. */
NDUP_NODISCARD ndup_status ndup__row_lines_open(ndup__row_lines **lines, const ndup_corpus *corpus,
                                                const char *path, ndup_error *error);

/* Fills buffer[0..capacity); *got is less only at the end. Errors: IO, INVALID for arrays that
 * break the specification, MEMORY. */
NDUP_NODISCARD ndup_status ndup__row_lines_read(ndup__row_lines *lines, char *buffer,
                                                size_t capacity, size_t *got, ndup_error *error);

void ndup__row_lines_close(ndup__row_lines *lines);

/* Whether a file begins so. */
bool ndup__parquet_begins(const char *bytes, size_t length);

#endif
