/* SPDX-License-Identifier: MIT */
/* Files of lines, read one after another: plans, decisions, baselines. */
#ifndef NDUP__PLAN_LINE_READER_H
#define NDUP__PLAN_LINE_READER_H

#include "codec/decompress.h"
#include "neardup/document.h"

/* Threads: single-owner. */
typedef struct ndup__line_reader {
    const ndup_allocator *allocator;
    const char *path; /* borrowed */
    ndup__stream *stream;
    char *bytes; /* [capacity]; bytes[start..end) has been read but not taken */
    size_t capacity;
    size_t start;
    size_t end;
    uint64_t number; /* of the line taken last, from 1 */
} ndup__line_reader;

/* Opens a file, compressed or not. Errors: NOT_FOUND, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__line_reader_open(ndup__line_reader **reader, const char *path,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__line_reader_close(ndup__line_reader *reader); /* NULL is allowed */

/* The next line without its end, valid until the next call; bytes == NULL at the end. */
NDUP_NODISCARD ndup_status ndup__line_reader_next(ndup_text *line, ndup__line_reader *reader,
                                                  ndup_error *error);

/* Fills the error with the place of the line taken last and the two parts of a message; returns
 * the status. */
ndup_status ndup__line_reader_fail(const ndup__line_reader *reader, ndup_status status,
                                   const char *problem, const char *detail, ndup_error *error);

#endif
