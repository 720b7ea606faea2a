/* SPDX-License-Identifier: MIT */
/* Small helps in making Python's objects. */
#ifndef NEARDUP_PYTHON_LISTS_H
#define NEARDUP_PYTHON_LISTS_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* A text of the corpus; damaged UTF-8 as U+FFFD. */
PyObject *text_object(ndup_text text);

/* Takes over the value, which may be NULL after a failure. */
bool list_add(PyObject *list, PyObject *value);
bool dict_set(PyObject *dict, const char *name, PyObject *value);

#endif
