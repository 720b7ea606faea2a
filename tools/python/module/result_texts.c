/* SPDX-License-Identifier: MIT */
/* The texts of a few documents, wherever their corpus has them. */
#include <stdlib.h>
#include <string.h>

#include "lists.h"
#include "py_result.h"
#include "py_run.h"

typedef struct kept_text {
    uint64_t number;
    char *bytes;
    size_t length;
} kept_text;

/* Numbers are in their order, without repeats, and texts come in it. */
typedef struct text_reading {
    const result_object *self;
    kept_text *texts;
    size_t count;
    size_t asked; /* of these numbers the sink was asked */
    size_t read;
} text_reading;

static bool chooses(void *context, uint64_t number)
{
    text_reading *self = context;
    bool is_next = self->asked < self->count && self->texts[self->asked].number == number;
    self->asked += is_next;
    return is_next;
}

static ndup_status keep_text(void *context, const ndup_verdict *verdict,
                             const ndup_document *document, ndup_error *error)
{
    text_reading *self = context;
    if (self->read == self->count || self->texts[self->read].number != verdict->document) {
        return NDUP_STATUS_OK;
    }
    kept_text *kept = &self->texts[self->read++];
    kept->bytes = malloc(document->text.length + 1);
    if (kept->bytes == NULL) {
        *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
        return NDUP_STATUS_MEMORY;
    }
    kept->length = document->text.length;
    if (kept->length > 0) {
        memcpy(kept->bytes, document->text.bytes, kept->length);
    }
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

static ndup_status read_them(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    text_reading *work = context;
    ndup_sink sink = {.struct_size = sizeof sink,
                      .context = work,
                      .document = keep_text,
                      .chooses = chooses,
                      .commit = commit,
                      .abort = give_up};
    ndup_sink *sinks[] = {&sink};
    return ndup_result_write(work->self->result, work->self->corpus->corpus, sinks, 1, hooks,
                             error);
}

static bool read_numbers(text_reading *work, PyObject *numbers)
{
    work->count = (size_t)PyList_Size(numbers);
    work->texts = calloc(work->count + 1, sizeof *work->texts);
    for (size_t i = 0; work->texts != NULL && i < work->count; i++) {
        PyObject *number = PySequence_GetItem(numbers, (Py_ssize_t)i);
        work->texts[i].number = number != NULL ? PyLong_AsUnsignedLongLong(number) : 0;
        Py_XDECREF(number);
    }
    if (work->texts == NULL) {
        PyErr_NoMemory();
    }
    return PyErr_Occurred() == NULL;
}

static PyObject *list_texts(const text_reading *work)
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < work->read; i++) {
        const kept_text *kept = &work->texts[i];
        if (!list_add(list, text_object((ndup_text){kept->bytes, kept->length}))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* texts(numbers, talk): a list of str, of numbers in rising order without repeats. */
PyObject *result_texts(PyObject *object, PyObject *arguments)
{
    result_object *self = (result_object *)object;
    text_reading work = {.self = self};
    PyObject *numbers, *talk, *list = NULL;
    if (!PyArg_ParseTuple(arguments, "O!O:texts", &PyList_Type, &numbers, &talk)) {
        return NULL;
    }
    if (read_numbers(&work, numbers) && corpus_begin(self->corpus)) {
        list = run(state_of_object(object), talk, read_them, &work) ? list_texts(&work) : NULL;
        corpus_end(self->corpus);
    }
    for (size_t i = 0; i < work.read; i++) {
        free(work.texts[i].bytes);
    }
    free(work.texts);
    return list;
}
