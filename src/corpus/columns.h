/* SPDX-License-Identifier: MIT */
/* What the beginning of a table says: how its rows are written and what its columns are called. */
#ifndef NDUP__CORPUS_COLUMNS_H
#define NDUP__CORPUS_COLUMNS_H

#include "base/arena.h"
#include "corpus/csv.h"
#include "corpus/fields.h"

/* Threads: immutable once read. */
typedef struct ndup__columns {
    ndup__csv_dialect dialect;
    ndup_text head; /* all in front of the first row that is a record, with its line ends */
    ndup_text names_row;
    size_t count;
    size_t text;         /* column of the text (or web page) */
    ndup_text *keys;     /* [count] "name":" as in JSON */
    ndup_error unusable; /* why no row can be a document, if its status is not OK */
    ndup_error oddity;   /* what is said of the file, if the message is not empty */
} ndup__columns;

/* So many first bytes of a file tell its dialect. */
#define NDUP__COLUMNS_SAMPLE_BYTES ((size_t)64 << 10)

/* Reads the beginning of a file; *columns stays NULL while it takes more bytes than these. `ended`:
 * there are no more.
 *
 * In front of the first row may stand a byte order mark, a line `sep=X` that names the delimiter,
 * blank lines, and lines that begin with # and name no column of the text. The delimiter is the one
 * of comma, semicolon, tab and | that makes a column of the text, else the one that makes most
 * columns, else `usual`. Rows end as the first one does. Blanks in front of fields are no part of
 * them if the first row has some there, or if in the sample quotes follow a delimiter and a blank,
 * but never a delimiter. A backslash is an escape if in the sample it stands in front of quotes
 * that close nothing more often than quotes are doubled.
 *
 * A column is what the fields are looking for if it has the name, or else if it differs only in
 * case or blanks around it; it then gets the name. Of two columns of one name the second is called
 * NAME.1. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__columns_read(const ndup__columns **columns,
                                              const ndup__fields *fields, char usual,
                                              const char *bytes, size_t length, bool ended,
                                              ndup__arena *arena, ndup_error *error);

#endif
