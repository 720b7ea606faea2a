/* SPDX-License-Identifier: MIT */
/* Runs of `passages`, as rows and as outputs. */
#ifndef NEARDUP_PYTHON_PASSAGE_ROWS_H
#define NEARDUP_PYTHON_PASSAGE_ROWS_H

#include "state.h"

/* passages(corpus, corpus to compare with or None, options, talk): a dict of the counts and Rows of
 * pairs, families and places. Options are min_tokens, max_documents, min_documents, series, memory,
 * seed, threads; outputs, force and csv_raw; and only_write, for none of the rows. */
PyObject *passages_call(PyObject *module, PyObject *arguments);

/* Names and summaries of the formats. */
PyObject *passage_outputs(PyObject *module, PyObject *unused);

#endif
