/* SPDX-License-Identifier: MIT */
/* Putting a query together. */
#ifndef NDUP__TABLES_SQL_TEXT_H
#define NDUP__TABLES_SQL_TEXT_H

#include <stddef.h>

#include "neardup/status.h"

/* Zero-initialise. `bytes` is zero-terminated once something was added, unless `status`, MEMORY,
 * says that something is missing. */
typedef struct ndup__sql_text {
    char *bytes;
    size_t length;
    size_t capacity;
    ndup_status status;
} ndup__sql_text;

void ndup__sql_add(ndup__sql_text *text, const char *part);

/* Adds a name or a string between quotes, with those inside doubled. */
void ndup__sql_quote(ndup__sql_text *text, char quote, const char *part);

void ndup__sql_deinit(ndup__sql_text *text);

#endif
