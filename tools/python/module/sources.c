/* SPDX-License-Identifier: MIT */
/* Documents that an iterator of Python hands out one by one. The library copies each while the
 * corpus is opened, so that this thread holds the interpreter all the time. */
#include <stdio.h>

#include "corpus.h"
#include "errors.h"
#include "options.h"

typedef struct rows {
    PyObject *iterator;
    PyObject *bytes; /* of the newest row */
    uint64_t count;
    char id[24];
    bool are_records;
} rows;

/* What the library is told when Python has an exception set. */
static ndup_status stop(ndup_error *error)
{
    error->status = NDUP_STATUS_CANCELLED;
    return NDUP_STATUS_CANCELLED;
}

/* The bytes of a text. Half a surrogate pair has no UTF-8: its three bytes are read as damage. */
static PyObject *encode(PyObject *text, uint64_t row)
{
    if (text == Py_None) {
        return PyBytes_FromStringAndSize("", 0);
    }
    if (PyUnicode_Check(text)) {
        return PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    }
    PyObject *type = PyType_GetName(Py_TYPE(text));
    if (type != NULL) {
        PyErr_Format(PyExc_TypeError, "text %llu must be a str or None, not %U",
                     (unsigned long long)row, type);
        Py_DECREF(type);
    }
    return NULL;
}

static ndup_status next_row(void *context, bool *has_document, ndup_document *document,
                            ndup_error *error)
{
    rows *self = context;
    PyObject *row = PyIter_Next(self->iterator);
    *has_document = row != NULL;
    if (row == NULL) {
        return PyErr_Occurred() != NULL ? stop(error) : NDUP_STATUS_OK;
    }
    Py_XDECREF(self->bytes);
    self->bytes = self->are_records ? Py_NewRef(row) : encode(row, self->count);
    Py_DECREF(row);
    char *bytes;
    Py_ssize_t length;
    if (self->bytes == NULL || PyBytes_AsStringAndSize(self->bytes, &bytes, &length) != 0) {
        return stop(error);
    }
    ndup_text text = {bytes, (size_t)length};
    if (self->are_records) {
        *document = (ndup_document){.record = text};
    } else {
        int id_length =
            snprintf(self->id, sizeof self->id, "%llu", (unsigned long long)self->count);
        *document = (ndup_document){.id = {self->id, (size_t)id_length}, .text = text};
    }
    self->count++;
    return NDUP_STATUS_OK;
}

static PyObject *open_rows(const module_state *state, rows *self, PyObject *values)
{
    option_lists lists = {.count = 0};
    ndup_corpus_options options;
    ndup_corpus *corpus;
    ndup_error error = {0};
    ndup_source source = {.struct_size = sizeof source, .context = self, .next = next_row};
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

static PyObject *open_iterable(PyObject *module, PyObject *arguments, bool are_records)
{
    PyObject *iterable, *values, *talk;
    if (!PyArg_ParseTuple(arguments, "OO!O", &iterable, &PyDict_Type, &values, &talk)) {
        return NULL;
    }
    rows self = {.iterator = PyObject_GetIter(iterable), .are_records = are_records};
    PyObject *corpus = NULL;
    if (self.iterator != NULL) {
        corpus = open_rows(PyModule_GetState(module), &self, values);
    }
    Py_XDECREF(self.bytes);
    Py_XDECREF(self.iterator);
    return corpus;
}

PyObject *corpus_open_texts(PyObject *module, PyObject *arguments)
{
    return open_iterable(module, arguments, false);
}

PyObject *corpus_open_records(PyObject *module, PyObject *arguments)
{
    return open_iterable(module, arguments, true);
}
