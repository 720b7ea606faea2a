/* SPDX-License-Identifier: MIT */
/* Answers of an index as rows: one an answer with the match that it goes by, and one each further
 * match. */
#ifndef NEARDUP_PYTHON_ANSWER_ROWS_H
#define NEARDUP_PYTHON_ANSWER_ROWS_H

#include "py_rows.h"

/* Named as in the JSON of answers, with match_ in front of what is the match's. */
extern const rows_column answer_columns[];
extern const rows_column match_columns[];

/* Adds the answers about documents[count], which are numbered on. Errors: MEMORY. */
NDUP_NODISCARD ndup_status answer_rows_add(rows *answers, rows *matches,
                                           const ndup_index_answers *from,
                                           const ndup_document *documents, ndup_error *error);

#endif
