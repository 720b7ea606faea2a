/* SPDX-License-Identifier: MIT */
/* Small helps in making Python's objects. */
#ifndef NEARDUP_PYTHON_LISTS_H
#define NEARDUP_PYTHON_LISTS_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* A text of the corpus; damaged UTF-8 as U+FFFD. */
PyObject *text_object(ndup_text text);

/* The UTF-8 of a str, with half a surrogate pair as three bytes of damage. *text is borrowed from
 * the bytes object that is returned; NULL with an exception set. */
PyObject *text_bytes(ndup_text *text, PyObject *from);

/* Characters in the first bytes of a text, as str counts them. */
Py_ssize_t text_characters(ndup_text text, size_t bytes);

/* Takes over the value, which may be NULL after a failure. */
bool list_add(PyObject *list, PyObject *value);
bool dict_set(PyObject *dict, const char *name, PyObject *value);

#endif
