/* SPDX-License-Identifier: MIT */
/* Rows and fields of delimited text (RFC 4180). */
#ifndef NDUP__CORPUS_CSV_H
#define NDUP__CORPUS_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/json_line.h"

/* A field that begins with a quote ends at the next single quote; "" in it is a quote, and line
 * ends and delimiters in it are text. Whatever else stands in front of the next delimiter belongs
 * to the field too, as other readers have it. Elsewhere quotes are text. A row ends at LF or CR LF
 * outside of quotes. */

/* The end of the field that begins at `at`: a delimiter, a line end (of CR LF the CR) or `end`.
 * *is_open is set if the bytes end inside its quotes. */
const char *ndup__csv_field_end(bool *is_open, const char *at, const char *end, char delimiter);

/* Behind the line end of the row that begins at `at`; NULL if there is none in front of `end`. */
const char *ndup__csv_row_end(const char *at, const char *end, char delimiter);

/* Appends the text of the field at[0..length) as the inside of a JSON string. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__csv_field_escape(ndup__json_line *line, const char *at,
                                                  size_t length, ndup_error *error);

#endif
