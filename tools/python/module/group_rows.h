/* SPDX-License-Identifier: MIT */
/* Runs of `group`, as rows and as outputs. */
#ifndef NEARDUP_PYTHON_GROUP_ROWS_H
#define NEARDUP_PYTHON_GROUP_ROWS_H

#include "state.h"

/* group(corpus, options, talk): a dict of the counts and Rows of documents, stories, members of
 * stories and terms. Options are share, within_days, bar, seed, threads; outputs, force and
 * csv_raw; and only_write, for none of the rows. */
PyObject *group_call(PyObject *module, PyObject *arguments);

/* Names and summaries of the formats. */
PyObject *group_outputs(PyObject *module, PyObject *unused);

#endif
