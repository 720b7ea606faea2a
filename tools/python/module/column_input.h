/* SPDX-License-Identifier: MIT */
/* Columns of other libraries, taken in by the Arrow C data interface. */
#ifndef NEARDUP_PYTHON_COLUMN_INPUT_H
#define NEARDUP_PYTHON_COLUMN_INPUT_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* A column that was taken in: its arrays are released with it. Zero-initialise. */
typedef struct column_input {
    struct ArrowSchema schema;
    struct ArrowArray **chunks;
    size_t count, capacity;
} column_input;

/* Takes what an object with __arrow_c_stream__ or __arrow_c_array__ hands out. The producer's
 * functions are called with the interpreter, since they may be Python's own. False with an
 * exception set. */
bool column_input_take(column_input *input, PyObject *object, const module_state *state);
void column_input_release(column_input *input);

#endif
