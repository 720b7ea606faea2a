/* SPDX-License-Identifier: MIT */
/* What the module keeps, one each interpreter: there are no variables of the process. */
#ifndef NEARDUP_PYTHON_STATE_H
#define NEARDUP_PYTHON_STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct module_state {
    PyTypeObject *corpus_type;
    PyTypeObject *result_type;
    PyTypeObject *sketcher_type;
    PyTypeObject *rows_type;
    PyTypeObject *index_type;
    PyObject *make_error; /* neardup._errors.make_error */
} module_state;

/* Of the module that a type of ours was made by. */
const module_state *state_of_object(PyObject *object);

#endif
