/* SPDX-License-Identifier: MIT */
/* Rows that Python holds. */
#ifndef NEARDUP_PYTHON_ROWS_OBJECT_H
#define NEARDUP_PYTHON_ROWS_OBJECT_H

#include "py_rows.h"
#include "state.h"

/* neardup._neardup.Rows: len(), names(), rows(begin, end), column(i), stream(). */
typedef struct rows_object {
    PyObject_HEAD rows *rows;
} rows_object;

extern PyType_Spec rows_spec;

/* Takes over the rows, which may be NULL without memory; NULL with an exception set. */
PyObject *rows_wrap(const module_state *state, rows *made);

#endif
