/* SPDX-License-Identifier: MIT */
/* Repeats inside documents. */
#ifndef NEARDUP_PYTHON_PY_FLAG_H
#define NEARDUP_PYTHON_PY_FLAG_H

#include "neardup.h"
#include "state.h"

/* flag(corpus, options, talk): (counts, documents), a document being (number, id, share, repeats),
 * a repeat (kind, refrain, role, start, end, first_start, first_end, in_title, similarity,
 * containment, block, block_units, pages, host_pages), the first places None where it is not in
 * the text. With the option outputs these are written, and no documents returned. */
PyObject *flag_find(PyObject *module, PyObject *arguments);

/* clean(text, threshold): the text without its repeats. */
PyObject *flag_clean(PyObject *module, PyObject *arguments);

/* flag_outputs(): a list of (name, summary). */
PyObject *flag_list_outputs(PyObject *module, PyObject *unused);

#endif
