/* SPDX-License-Identifier: MIT */
/* Results that Python holds, with the corpora that they are about. */
#ifndef NEARDUP_PYTHON_PY_RESULT_H
#define NEARDUP_PYTHON_PY_RESULT_H

#include "py_corpus.h"
#include "neardup.h"
#include "state.h"

/* neardup._neardup.Result. */
typedef struct result_object {
    PyObject_HEAD ndup_result *result;
    corpus_object *corpus;
} result_object;

extern PyType_Spec result_spec;

/* dedup(corpus, options, talk). */
PyObject *result_dedup(PyObject *module, PyObject *arguments);

/* Methods, each in the file of its matter. */
PyObject *result_numbers(PyObject *self, PyObject *is_kept);
PyObject *result_ids(PyObject *self, PyObject *unused);
PyObject *result_mask(PyObject *self, PyObject *unused);
PyObject *result_verdict(PyObject *self, PyObject *number);
PyObject *result_groups(PyObject *self, PyObject *unused);
PyObject *result_pair(PyObject *self, PyObject *number);
PyObject *result_pair_count(PyObject *self, PyObject *unused);
PyObject *result_summary(PyObject *self, PyObject *unused);
PyObject *result_texts(PyObject *self, PyObject *arguments);
PyObject *result_stream(PyObject *self, PyObject *unused);
PyObject *result_pair_stream(PyObject *self, PyObject *unused);
PyObject *result_write(PyObject *self, PyObject *arguments);

#endif
