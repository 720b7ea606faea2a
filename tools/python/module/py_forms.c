/* SPDX-License-Identifier: MIT */
/* What a part gives to the counts, and counts that are given. */
#include "py_forms.h"

#include "errors.h"
#include "lists.h"
#include "py_corpus.h"
#include "py_options.h"
#include "py_run.h"

typedef struct finding {
    ndup_form_texts *texts;
    ndup_corpus *corpus;
    ndup_dedup_options options;
} finding;

static ndup_status find(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    finding *work = context;
    return ndup_form_texts_find(&work->texts, work->corpus, &work->options, hooks, error);
}

static PyObject *list_texts(const ndup_form_texts *texts)
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < ndup_form_texts_count(texts); i++) {
        ndup_form_text text;
        ndup_form_texts_get(texts, i, &text);
        if (!list_add(list, Py_BuildValue("KOOKN", (unsigned long long)text.document,
                                          text.is_member ? Py_True : Py_False,
                                          text.may_count ? Py_True : Py_False,
                                          (unsigned long long)text.text_hash,
                                          text_object(text.source)))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyObject *forms_texts(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *list = NULL;
    corpus_object *corpus;
    option_lists lists = {.count = 0};
    finding work = {.texts = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O!O:form_texts", state->corpus_type, &corpus, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    if (options_read_dedup(&work.options, &lists, state, values) && corpus_begin(corpus)) {
        work.corpus = corpus->corpus;
        if (run(state, talk, find, &work)) {
            list = list_texts(work.texts);
        }
        ndup_form_texts_free(work.texts);
        corpus_end(corpus);
    }
    options_free(&lists);
    return list;
}

PyObject *forms_counter_bits(PyObject *module, PyObject *members)
{
    (void)module;
    uint64_t count = PyLong_AsUnsignedLongLong(members);
    return PyErr_Occurred() == NULL ? PyLong_FromLong((long)ndup_form_counter_bits(count)) : NULL;
}

bool forms_read(ndup_corpus_frequencies **frequencies, const module_state *state, PyObject *bytes)
{
    char *counters;
    Py_ssize_t length;
    unsigned bits = 0;
    ndup_error error;
    *frequencies = NULL;
    if (bytes == NULL) {
        return true;
    }
    if (PyBytes_AsStringAndSize(bytes, &counters, &length) != 0) {
        return false;
    }
    while (bits < 63 && (Py_ssize_t)1 << bits < length) {
        bits++;
    }
    if ((Py_ssize_t)1 << bits != length) {
        PyErr_SetString(PyExc_ValueError, "counters must be as many as a power of two");
        return false;
    }
    bool is_read = ndup_corpus_frequencies_new(frequencies, (const uint8_t *)counters, bits, NULL,
                                               &error) == NDUP_STATUS_OK;
    if (!is_read) {
        errors_raise(state, &error);
    }
    return is_read;
}
