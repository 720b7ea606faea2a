/* SPDX-License-Identifier: MIT */
/* Rows of another index, or of a dump, on their way into this one. */
#ifndef NDUP__INDEX_MOVED_ROWS_H
#define NDUP__INDEX_MOVED_ROWS_H

#include "index/handle.h"

/* Rows that are added in one transaction. */
#define NDUP__MOVED_TOGETHER 1000

typedef struct ndup__moved_row {
    ndup__stored_document document; /* number and family are not looked at */
    ndup__stored_sketch sketch;
} ndup__moved_row;

/* The first row with a number of at least `from`, with all that the index keeps of it. Borrowed
 * until the next call. Errors: those of the database. */
NDUP_NODISCARD ndup_status ndup__moved_row_next(ndup__moved_row *row, const ndup_index *index,
                                                ndup__database *database, uint32_t from,
                                                bool *found, ndup_error *error);

/* Adds rows as if their documents came now, one after the other and all or none; what has the id of
 * a document that is there takes its place. Errors: CORRUPT for rows that cannot be; those of
 * changes. */
NDUP_NODISCARD ndup_status ndup__moved_rows_add(ndup_index *index, const ndup__moved_row *rows,
                                                size_t count, ndup_error *error);

/* A parameter that decides whether rows of one index are rows of another, as text. */
typedef struct ndup__row_parameter {
    const char *name;
    char value[32];
} ndup__row_parameter;

#define NDUP__ROW_PARAMETERS 12

/* Fills list[NDUP__ROW_PARAMETERS]; the names are the same for every index. */
void ndup__row_parameters(ndup__row_parameter *list, const ndup__index_settings *settings);

/* INVALID, naming what differs, for parameters of rows that are not those of the index. */
NDUP_NODISCARD ndup_status ndup__row_parameters_check(const ndup__index_settings *settings,
                                                      const ndup__row_parameter *given,
                                                      ndup_error *error);

#endif
