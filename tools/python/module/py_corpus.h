/* SPDX-License-Identifier: MIT */
/* Corpora that Python holds: made of paths, of its strings, or of Arrow streams. */
#ifndef NEARDUP_PYTHON_PY_CORPUS_H
#define NEARDUP_PYTHON_PY_CORPUS_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* neardup._neardup.Corpus. Used by one thread at a time. */
typedef struct corpus_object {
    PyObject_HEAD ndup_corpus *corpus;
    bool is_busy;
} corpus_object;

extern PyType_Spec corpus_spec;

/* Takes the corpus for the caller's work; false with RuntimeError set while another thread has it.
 */
bool corpus_begin(corpus_object *corpus);
void corpus_end(corpus_object *corpus);

/* Takes over the corpus; NULL with an exception set. */
PyObject *corpus_wrap(const module_state *state, ndup_corpus *corpus);

/* open_paths(paths, options, talk): paths is a list of bytes, as os.fsencode makes them. */
PyObject *corpus_open_paths(PyObject *module, PyObject *arguments);

/* open_texts(texts, options, talk): any iterable of str and None. */
PyObject *corpus_open_texts(PyObject *module, PyObject *arguments);

/* text_stream(texts): a capsule of an Arrow stream of such an iterable. */
PyObject *corpus_text_stream(PyObject *module, PyObject *texts);

/* open_stream(capsule, options, talk): of what __arrow_c_stream__ returns. */
PyObject *corpus_open_stream(PyObject *module, PyObject *arguments);

/* open_array(schema capsule, array capsule, options, talk): of what __arrow_c_array__ returns. */
PyObject *corpus_open_array(PyObject *module, PyObject *arguments);

/* open_records(records, options): any iterable of bytes, each a JSON object on one line. */
PyObject *corpus_open_records(PyObject *module, PyObject *arguments);

/* open_units(corpus, options, talk): takes what is in the corpus, and makes one of its paragraphs.
 */
PyObject *corpus_open_units(PyObject *module, PyObject *arguments);

#endif
