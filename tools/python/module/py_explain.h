/* SPDX-License-Identifier: MIT */
/* Two texts side by side. */
#ifndef NEARDUP_PYTHON_PY_EXPLAIN_H
#define NEARDUP_PYTHON_PY_EXPLAIN_H

#include "neardup.h"
#include "state.h"

/* explain(a, b, options, spans, name_a, name_b, width): (members of a dict, the comparison as the
 * command line prints it). Places of spans count characters. */
PyObject *explain_texts(PyObject *module, PyObject *arguments);

/* similarity(a, b, options): a float. */
PyObject *explain_similarity(PyObject *module, PyObject *arguments);

#endif
