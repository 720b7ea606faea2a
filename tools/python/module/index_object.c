/* SPDX-License-Identifier: MIT */
/* The type, and who uses it. */
#include "index_object.h"

#include <stdio.h>
#include <unistd.h>

#include "errors.h"

static void close_index(ndup_index *index)
{
    Py_BEGIN_ALLOW_THREADS
    ndup_index_close(index);
    Py_END_ALLOW_THREADS
}

/* What is to be closed now, by the caller, without the lock; NULL while others use it. */
static ndup_index *take_closed(index_object *self)
{
    bool is_free = self->is_closed && self->users == 0 && self->process == getpid();
    ndup_index *index = is_free ? self->index : NULL;
    if (index != NULL) {
        self->index = NULL;
    }
    return index;
}

ndup_index *index_begin(PyObject *object)
{
    index_object *self = (index_object *)object;
    bool is_here = self->process == getpid();
    ndup_index *index = NULL;
    if (is_here) {
        pthread_mutex_lock(&self->lock);
        index = self->is_closed ? NULL : self->index;
        self->users += index != NULL;
        pthread_mutex_unlock(&self->lock);
    }
    if (index == NULL) {
        ndup_error error = {.status = NDUP_STATUS_INVALID};
        const char *why = is_here ? "the index is closed"
                                  : "the index was opened before this process was forked off: "
                                    "open it here";
        snprintf(error.message, sizeof error.message, "%s", why);
        errors_raise(state_of_object(object), &error);
    }
    return index;
}

void index_end(PyObject *object)
{
    index_object *self = (index_object *)object;
    pthread_mutex_lock(&self->lock);
    self->users--;
    ndup_index *closed = take_closed(self);
    pthread_mutex_unlock(&self->lock);
    close_index(closed);
}

static PyObject *index_close(PyObject *object, PyObject *unused)
{
    (void)unused;
    index_object *self = (index_object *)object;
    pthread_mutex_lock(&self->lock);
    self->is_closed = true;
    ndup_index *closed = take_closed(self);
    pthread_mutex_unlock(&self->lock);
    close_index(closed);
    return Py_NewRef(Py_None);
}

static PyObject *index_closed(PyObject *object, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(((index_object *)object)->is_closed);
}

bool index_do(PyObject *object, index_work work, void *context)
{
    ndup_error error = {0};
    ndup_status status;
    ndup_index *index = index_begin(object);
    if (index == NULL) {
        return false;
    }
    Py_BEGIN_ALLOW_THREADS
    status = work(index, context, &error);
    Py_END_ALLOW_THREADS
    index_end(object);
    if (status != NDUP_STATUS_OK) {
        errors_raise(state_of_object(object), &error);
    }
    return status == NDUP_STATUS_OK && PyErr_Occurred() == NULL;
}

static void index_dealloc(PyObject *object)
{
    index_object *self = (index_object *)object;
    PyTypeObject *type = Py_TYPE(object);
    self->is_closed = true;
    close_index(take_closed(self));
    pthread_mutex_destroy(&self->lock);
    freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_object(object);
    Py_DECREF(type);
}

static PyMethodDef index_methods[] = {{"close", index_close, METH_NOARGS, NULL},
                                      {"closed", index_closed, METH_NOARGS, NULL},
                                      {"options", index_options, METH_NOARGS, NULL},
                                      {"ask", index_ask, METH_VARARGS, NULL},
                                      {"ask_corpus", index_ask_corpus, METH_VARARGS, NULL},
                                      {"get", index_get, METH_O, NULL},
                                      {"numbers", index_numbers, METH_NOARGS, NULL},
                                      {"by_numbers", index_by_numbers, METH_O, NULL},
                                      {"documents", index_documents, METH_O, NULL},
                                      {"groups", index_groups, METH_NOARGS, NULL},
                                      {"stat", index_stat, METH_NOARGS, NULL},
                                      {"remove", index_remove, METH_O, NULL},
                                      {"expire", index_expire, METH_VARARGS, NULL},
                                      {"compact", index_compact, METH_O, NULL},
                                      {"verify", index_verify, METH_O, NULL},
                                      {"merge", index_merge, METH_VARARGS, NULL},
                                      {"build", index_build, METH_VARARGS, NULL},
                                      {"dump", index_dump, METH_VARARGS, NULL},
                                      {"load", index_load, METH_O, NULL},
                                      {NULL, NULL, 0, NULL}};

static PyType_Slot index_slots[] = {{Py_tp_dealloc, index_dealloc},
                                    {Py_tp_methods, index_methods},
                                    {Py_tp_doc, "An open index."},
                                    {0, NULL}};

PyType_Spec index_spec = {.name = "neardup._neardup.Index",
                          .basicsize = sizeof(index_object),
                          .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                                   Py_TPFLAGS_IMMUTABLETYPE,
                          .slots = index_slots};
