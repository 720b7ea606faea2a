/* SPDX-License-Identifier: MIT */
/* What sketches tell: bytes of as many uint32 as there are slots. */
#ifndef NEARDUP_PYTHON_SKETCHER_H
#define NEARDUP_PYTHON_SKETCHER_H

#include "neardup.h"
#include "state.h"

extern PyType_Spec sketcher_spec;

/* sketcher(kind or None, slots, seed). */
PyObject *sketcher_new(PyObject *module, PyObject *arguments);

/* sketch_text(text, options): bytes. */
PyObject *sketcher_sketch_text(PyObject *module, PyObject *arguments);

#endif
