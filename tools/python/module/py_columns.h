/* SPDX-License-Identifier: MIT */
/* Functions over columns, for Python: DuckDB, pyarrow, Hugging Face datasets. */
#ifndef NEARDUP_PYTHON_PY_COLUMNS_H
#define NEARDUP_PYTHON_PY_COLUMNS_H

#include "state.h"

/* column(name, inputs, pickle): inputs is a tuple of objects with __arrow_c_stream__ or
 * __arrow_c_array__. Returns the two capsules of __arrow_c_array__. */
PyObject *columns_call(PyObject *module, PyObject *arguments);

#endif
