/* SPDX-License-Identifier: MIT */
/* The bytes of every text are held until the work is done. */
#include "documents.h"

#include "lists.h"

static bool read_text(ndup_text *text, PyObject *held, PyObject *tuple, Py_ssize_t i)
{
    PyObject *value = PySequence_GetItem(tuple, i);
    if (value == NULL || value == Py_None) {
        Py_XDECREF(value);
        return value != NULL;
    }
    PyObject *bytes = text_bytes(text, value);
    Py_DECREF(value);
    return list_add(held, bytes);
}

static bool read_document(ndup_document *document, PyObject *held, PyObject *tuple)
{
    ndup_text *const texts[] = {&document->id,     &document->text, &document->url,
                                &document->source, &document->date, &document->title};
    bool is_read = tuple != NULL;
    for (size_t i = 0; is_read && i < sizeof texts / sizeof *texts; i++) {
        is_read = read_text(texts[i], held, tuple, (Py_ssize_t)i);
    }
    return is_read;
}

bool documents_read(document_list *read, PyObject *list)
{
    read->count = (size_t)PyList_Size(list);
    read->items = PyMem_Calloc(read->count + 1, sizeof *read->items);
    read->held = PyList_New(0);
    if (read->items == NULL || read->held == NULL) {
        PyErr_NoMemory();
        return false;
    }
    for (size_t i = 0; i < read->count; i++) {
        PyObject *tuple = PySequence_GetItem(list, (Py_ssize_t)i);
        bool is_read = read_document(&read->items[i], read->held, tuple);
        Py_XDECREF(tuple);
        if (!is_read) {
            return false;
        }
    }
    return true;
}

void documents_free(document_list *read)
{
    PyMem_Free(read->items);
    Py_XDECREF(read->held);
}
