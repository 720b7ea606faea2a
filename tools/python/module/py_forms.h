/* SPDX-License-Identifier: MIT */
/* Counting for forms, where a run sees a part of a corpus only. */
#ifndef NEARDUP_PYTHON_PY_FORMS_H
#define NEARDUP_PYTHON_PY_FORMS_H

#include "neardup.h"
#include "state.h"

/* form_texts(corpus, options, talk): a list of (document, is_member, may_count, text_hash, source),
 * one a distinct text. */
PyObject *forms_texts(PyObject *module, PyObject *arguments);

/* form_counter_bits(members). */
PyObject *forms_counter_bits(PyObject *module, PyObject *members);

/* Counts from bytes, one a counter, or None; freed by the caller. False with an exception set. */
bool forms_read(ndup_corpus_frequencies **frequencies, const module_state *state, PyObject *bytes);

#endif
