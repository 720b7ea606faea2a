/* SPDX-License-Identifier: MIT */
/* Records that an iterator of Python hands out one by one. The library copies each while the corpus
 * is opened, so that this thread holds the interpreter all the time. */
#include "py_corpus.h"
#include "errors.h"
#include "py_options.h"

/* Records between two looks at signals. */
#define RECORDS_A_LOOK 1024

typedef struct records {
    PyObject *iterator;
    PyObject *newest;
    uint64_t count;
} records;

/* What the library is told when Python has an exception set. */
static ndup_status stop(ndup_error *error)
{
    error->status = NDUP_STATUS_CANCELLED;
    return NDUP_STATUS_CANCELLED;
}

static ndup_status next_record(void *context, bool *has_document, ndup_document *document,
                               ndup_error *error)
{
    records *self = context;
    char *bytes;
    Py_ssize_t length;
    Py_XDECREF(self->newest);
    self->newest = PyIter_Next(self->iterator);
    *has_document = self->newest != NULL;
    if (self->newest == NULL) {
        return PyErr_Occurred() != NULL ? stop(error) : NDUP_STATUS_OK;
    }
    if (PyBytes_AsStringAndSize(self->newest, &bytes, &length) != 0 ||
        (++self->count % RECORDS_A_LOOK == 0 && PyErr_CheckSignals() != 0)) {
        return stop(error);
    }
    *document = (ndup_document){.record = {bytes, (size_t)length}};
    return NDUP_STATUS_OK;
}

static PyObject *open_records(const module_state *state, records *self, PyObject *values)
{
    option_lists lists = {.count = 0};
    ndup_corpus_options options;
    ndup_corpus *corpus;
    ndup_error error = {0};
    ndup_source source = {.struct_size = sizeof source, .context = self, .next = next_record};
    PyObject *object = NULL;
    if (options_read_corpus(&options, &lists, values)) {
        if (ndup_corpus_open_source(&corpus, &source, &options, &error) == NDUP_STATUS_OK) {
            object = corpus_wrap(state, corpus);
        } else {
            errors_raise(state, &error);
        }
    }
    options_free(&lists);
    return object;
}

PyObject *corpus_open_records(PyObject *module, PyObject *arguments)
{
    PyObject *iterable, *values, *corpus = NULL;
    if (!PyArg_ParseTuple(arguments, "OO!:open_records", &iterable, &PyDict_Type, &values)) {
        return NULL;
    }
    records self = {.iterator = PyObject_GetIter(iterable)};
    if (self.iterator != NULL) {
        corpus = open_records(PyModule_GetState(module), &self, values);
    }
    Py_XDECREF(self.newest);
    Py_XDECREF(self.iterator);
    return corpus;
}
