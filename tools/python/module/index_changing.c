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

/* Long work on one index, or two, with hooks. */
typedef struct changing {
    ndup_index *index, *other;
    ndup_corpus *corpus;
    ndup_index_built built;
    int64_t before; /* milliseconds since 1970 */
    uint64_t removed;
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

/* A date as a text, or milliseconds since 1970. */
static bool read_moment(int64_t *moment, PyObject *given)
{
    if (!PyUnicode_Check(given)) {
        *moment = PyLong_AsLongLong(given);
        return PyErr_Occurred() == NULL;
    }
    ndup_text date;
    PyObject *bytes = text_bytes(&date, given);
    bool is_date = bytes != NULL && ndup_date_parse(moment, date);
    Py_XDECREF(bytes);
    if (!is_date && PyErr_Occurred() == NULL) {
        PyErr_Format(PyExc_ValueError, "before is %R, which is no date that can be read", given);
    }
    return is_date;
}

static ndup_status expire(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    changing *work = context;
    index_listen(hooks);
    return ndup_index_expire(work->index, &work->removed, work->before, error);
}

/* expire(before, talk): how many went. */
PyObject *index_expire(PyObject *object, PyObject *arguments)
{
    PyObject *before, *talk;
    changing work = {.index = NULL};
    if (!PyArg_ParseTuple(arguments, "OO:expire", &before, &talk) ||
        !read_moment(&work.before, before)) {
        return NULL;
    }
    PyObject *done = change(object, talk, expire, &work);
    Py_XDECREF(done);
    return done != NULL ? PyLong_FromUnsignedLongLong(work.removed) : NULL;
}

static ndup_status compact(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    index_listen(hooks);
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
