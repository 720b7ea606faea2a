/* SPDX-License-Identifier: MIT */
/* Results that Python holds, with the corpora that they are about. */
#ifndef NEARDUP_PYTHON_RESULT_H
#define NEARDUP_PYTHON_RESULT_H

#include "corpus.h"
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
PyObject *result_write(PyObject *self, PyObject *arguments);
PyObject *result_summary(PyObject *self, PyObject *unused);

#endif
