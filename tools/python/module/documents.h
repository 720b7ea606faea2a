/* SPDX-License-Identifier: MIT */
/* Single documents of Python's, for an index. */
#ifndef NEARDUP_PYTHON_DOCUMENTS_H
#define NEARDUP_PYTHON_DOCUMENTS_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* Zero-initialise. */
typedef struct document_list {
    ndup_document *items;
    size_t count;
    PyObject *held; /* a list of the bytes that they point into */
} document_list;

/* Reads a list of tuples (id, text, url, source, date, title), each of str and None. False with an
 * exception set. */
bool documents_read(document_list *read, PyObject *list);
void documents_free(document_list *read);

#endif
