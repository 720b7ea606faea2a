/* SPDX-License-Identifier: MIT */
/* Changes to whole indexes. */
#include "py_corpus.h"
#include "documents.h"
#include "errors.h"
#include "index_object.h"
#include "lists.h"
#include "py_run.h"

typedef struct removing {
    ndup_text *ids;
    size_t count;
    uint64_t removed;
} removing;

static ndup_status remove_ids(ndup_index *index, void *context, ndup_error *error)
{
    removing *work = context;
    return ndup_index_remove(index, &work->removed, work->ids, work->count, error);
}

/* remove(a list of str): how many there were. */
PyObject *index_remove(PyObject *object, PyObject *ids)
{
    removing work = {.count = (size_t)PyList_Size(ids)};
    PyObject *held = PyList_New(0);
    work.ids = PyMem_Calloc(work.count + 1, sizeof *work.ids);
    bool is_read = held != NULL && work.ids != NULL;
    if (!is_read) {
        PyErr_NoMemory();
    }
    for (size_t i = 0; is_read && i < work.count; i++) {
        PyObject *id = PySequence_GetItem(ids, (Py_ssize_t)i);
        is_read = id != NULL && list_add(held, text_bytes(&work.ids[i], id));
        Py_XDECREF(id);
    }
    bool is_done = is_read && index_do(object, remove_ids, &work);
    PyMem_Free(work.ids);
    Py_XDECREF(held);
    return is_done ? PyLong_FromUnsignedLongLong(work.removed) : NULL;
}

typedef struct expiring {
    int64_t before;
    uint64_t removed;
} expiring;

static ndup_status expire(ndup_index *index, void *context, ndup_error *error)
{
    expiring *work = context;
    return ndup_index_expire(index, &work->removed, work->before, error);
}

/* expire(a date as a text, or milliseconds since 1970): how many went. */
PyObject *index_expire(PyObject *object, PyObject *before)
{
    expiring work = {.removed = 0};
    if (PyUnicode_Check(before)) {
        ndup_text date;
        PyObject *bytes = text_bytes(&date, before);
        bool is_date = bytes != NULL && ndup_date_parse(&work.before, date);
        Py_XDECREF(bytes);
        if (!is_date) {
            PyErr_Format(PyExc_ValueError, "before is %R, which is no date that can be read",
                         before);
            return NULL;
        }
    } else {
        work.before = PyLong_AsLongLong(before);
    }
    if (PyErr_Occurred() != NULL || !index_do(object, expire, &work)) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(work.removed);
}

/* Long work on one index, or two, with hooks. */
typedef struct changing {
    ndup_index *index, *other;
    ndup_corpus *corpus;
    ndup_index_built built;
} changing;

static PyObject *change(PyObject *object, PyObject *talk, run_work work, changing *context)
{
    context->index = index_begin(object);
    if (context->index == NULL) {
        return NULL;
    }
    bool is_done = run(state_of_object(object), talk, work, context);
    index_end(object);
    return is_done ? Py_NewRef(Py_None) : NULL;
}

static ndup_status compact(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    (void)hooks;
    return ndup_index_compact(((changing *)context)->index, error);
}

PyObject *index_compact(PyObject *object, PyObject *talk)
{
    changing work = {.index = NULL};
    return change(object, talk, compact, &work);
}

static ndup_status verify(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    return ndup_index_verify(((changing *)context)->index, hooks, error);
}

PyObject *index_verify(PyObject *object, PyObject *talk)
{
    changing work = {.index = NULL};
    return change(object, talk, verify, &work);
}

static ndup_status merge(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    changing *work = context;
    return ndup_index_merge(work->index, work->other, hooks, error);
}

/* merge(other, talk). */
PyObject *index_merge(PyObject *object, PyObject *arguments)
{
    const module_state *state = state_of_object(object);
    PyObject *other, *talk;
    changing work = {.index = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O:merge", state->index_type, &other, &talk) ||
        (work.other = index_begin(other)) == NULL) {
        return NULL;
    }
    PyObject *done = change(object, talk, merge, &work);
    index_end(other);
    return done;
}

static ndup_status build(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    changing *work = context;
    return ndup_index_build(work->index, &work->built, work->corpus, hooks, error);
}

/* build(corpus, talk): documents, known, repeated and skipped. */
PyObject *index_build(PyObject *object, PyObject *arguments)
{
    const module_state *state = state_of_object(object);
    corpus_object *corpus;
    PyObject *talk;
    changing work = {.index = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O:build", state->corpus_type, &corpus, &talk) ||
        !corpus_begin(corpus)) {
        return NULL;
    }
    work.corpus = corpus->corpus;
    PyObject *done = change(object, talk, build, &work);
    corpus_end(corpus);
    Py_XDECREF(done);
    const ndup_index_built *built = &work.built;
    return done != NULL ? Py_BuildValue("KKKK", (unsigned long long)built->documents,
                                        (unsigned long long)built->known,
                                        (unsigned long long)built->repeated,
                                        (unsigned long long)built->skipped)
                        : NULL;
}
