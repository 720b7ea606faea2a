/* SPDX-License-Identifier: MIT */
/* Functions over columns of texts: a row in, a row out. */
#ifndef NEARDUP_PYTHON_COLUMN_FUNCTIONS_H
#define NEARDUP_PYTHON_COLUMN_FUNCTIONS_H

#include "column_builder.h"
#include "column_options.h"
#include "text_column.h"

/* The most columns that a function takes. */
#define COLUMN_INPUTS 2

typedef struct column_function column_function;

/* "n_tokens", "fingerprint", "simhash", "sketch", "sketch_bytes", "keys",
 * "text_hash", "source_name", "form_shingles", "clean", "similarity"; NULL for other names. */
const column_function *column_function_find(const char *name);

/* What the function makes of such columns under these options. Errors: INVALID for a wrong number
 * or type of columns, and for options; NOT_FOUND; MEMORY. */
NDUP_NODISCARD ndup_status column_function_type(column_type *type, const column_function *function,
                                                const struct ArrowSchema *const *inputs,
                                                size_t input_count, const column_options *options,
                                                ndup_error *error);

/* Calls it for every row. A column of one row beside a longer one has that row throughout; a row
 * with a null gives null. Errors: INVALID for columns of other lengths, and as above; LIMIT for a
 * text of 4 GiB or more. */
NDUP_NODISCARD ndup_status column_function_run(struct ArrowArray *array,
                                               const column_function *function, text_column *inputs,
                                               size_t input_count, const column_options *options,
                                               ndup_error *error);

#endif
