/* SPDX-License-Identifier: MIT */
/* Parquet files, through a module of Python. */
#ifndef NEARDUP_PYTHON_PY_TABLE_FILES_H
#define NEARDUP_PYTHON_PY_TABLE_FILES_H

#include "neardup.h"
#include "state.h"

/* use_table_files(name, read, filter): from now on read(path, columns or None) gives an object with
 * __arrow_c_stream__, and filter(to, path, kept, rows) writes; kept are the bytes of a bitmap. */
PyObject *table_files_use(PyObject *module, PyObject *arguments);

#endif
