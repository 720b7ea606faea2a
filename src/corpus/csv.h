/* SPDX-License-Identifier: MIT */
/* Rows and fields of delimited text (RFC 4180, and what programs write instead). */
#ifndef NDUP__CORPUS_CSV_H
#define NDUP__CORPUS_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/json_line.h"

/* How the rows of a file are written. */
typedef struct ndup__csv_dialect {
    char delimiter;
    char line_end;  /* LF (a CR in front of it belongs to it), or CR alone */
    bool backslash; /* in quotes, a backslash in front of a quote or backslash is an escape, too */
    bool pads;      /* blanks in front of a field are no part of it */
    size_t columns; /* of the first row; 0 = not known yet */
} ndup__csv_dialect;

/* A field that begins with a quote ends at the next single quote; "" in it is a quote, and line
 * ends and delimiters in it are text. Between commas, semicolons and bars, what else stands in
 * front of the next delimiter belongs to the field too, as other readers have it. Between tabs a
 * field is wholly quoted or its quotes are text. Elsewhere quotes are text.
 *
 * A quote that opens a field is a letter, too, where the field would run over line ends and
 *   nothing closes it within 100,000 lines or 16 MiB, or up to the end of the file;
 *   something else than a delimiter or a line end stands behind the quote that closes it;
 *   no quote in it is doubled, and every one of its lines has the delimiters of a whole row:
 * between tabs two such lines are enough, else it takes twenty. */
#define NDUP__CSV_LINES_MOST 100000
#define NDUP__CSV_BYTES_MOST ((size_t)16 << 20)

/* Behind the line end of the row that begins at `at`. Without one in front of `end`: `end` if the
 * file ends there, else NULL: more bytes are needed. */
const char *ndup__csv_row_end(const char *at, const char *end, bool ended,
                              const ndup__csv_dialect *dialect);

/* Where the row at..row_end ends without its line end. */
const char *ndup__csv_content_end(const char *at, const char *row_end,
                                  const ndup__csv_dialect *dialect);

/* A field of a row. */
typedef struct ndup__csv_field {
    const char *begin; /* its first byte, which may be a quote */
    const char *end;   /* the delimiter behind it, or the end of the row */
    bool is_quoted;
    bool is_open; /* begins with a quote that is a letter, although quotes may be used here */
} ndup__csv_field;

/* The field that begins at `at` in a row that ends, without its line end, at `end`. */
ndup__csv_field ndup__csv_field_at(const char *at, const char *end,
                                   const ndup__csv_dialect *dialect);

/* Appends the text of the field as the inside of a JSON string. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__csv_field_escape(ndup__json_line *line,
                                                  const ndup__csv_field *field,
                                                  const ndup__csv_dialect *dialect,
                                                  ndup_error *error);

/* Writes the text of the field, not longer than the field is, to `out` and returns its length. */
size_t ndup__csv_field_copy(char *out, const ndup__csv_field *field,
                            const ndup__csv_dialect *dialect);

#endif
