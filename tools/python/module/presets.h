/* SPDX-License-Identifier: MIT */
/* What can be chosen from: presets, sketches, outputs. */
#ifndef NEARDUP_PYTHON_PRESETS_H
#define NEARDUP_PYTHON_PRESETS_H

#include "neardup.h"
#include "state.h"

/* presets(): a list of (name, purpose, threshold, shingle_size, tokens, number_agreement). */
PyObject *list_presets(PyObject *module, PyObject *unused);

/* sketches(): a list of (name, summary, slots_default, slots_min, slots_max). */
PyObject *list_sketches(PyObject *module, PyObject *unused);

/* outputs(): a list of (name, summary). */
PyObject *list_outputs(PyObject *module, PyObject *unused);

#endif
