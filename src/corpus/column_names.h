/* SPDX-License-Identifier: MIT */
/* What the columns of a table are called, and which of them holds the text. */
#ifndef NDUP__CORPUS_COLUMN_NAMES_H
#define NDUP__CORPUS_COLUMN_NAMES_H

#include "corpus/columns.h"

/* Whether the field, as a name in the first row, is looked for as the text. `is_first`: a # in
 * front of it is no part of it. */
bool ndup__column_is_text(const ndup__fields *fields, const ndup__csv_field *field, bool is_first);

/* Fills what depends on columns->names_row, in the dialect. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__columns_name(ndup__columns *columns, const ndup__fields *fields,
                                              ndup__arena *arena, ndup_error *error);

#endif
