/* SPDX-License-Identifier: MIT */
/* The type, and what it tells of documents. */
#include "result.h"

#include "errors.h"
#include "options.h"
#include "run.h"

static void result_dealloc(PyObject *object)
{
    result_object *self = (result_object *)object;
    PyTypeObject *type = Py_TYPE(object);
    ndup_result_free(self->result);
    Py_XDECREF((PyObject *)self->corpus);
    freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_object(object);
    Py_DECREF(type);
}

static Py_ssize_t result_length(PyObject *object)
{
    return (Py_ssize_t)ndup_result_summary(((result_object *)object)->result)->documents;
}

static PyObject *text_object(ndup_text text)
{
    return PyUnicode_DecodeUTF8(text.length > 0 ? text.bytes : "", (Py_ssize_t)text.length,
                                "replace");
}

/* numbers(kept): those of the documents that are kept, or those of the others. */
static PyObject *result_numbers(PyObject *object, PyObject *is_kept)
{
    const ndup_result *result = ((result_object *)object)->result;
    bool wanted = is_kept == Py_True;
    ndup_verdict verdict;
    PyObject *numbers = PyList_New(0);
    for (Py_ssize_t i = 0; numbers != NULL && i < result_length(object); i++) {
        ndup_result_verdict(result, (uint64_t)i, &verdict);
        if (verdict.kept != wanted) {
            continue;
        }
        PyObject *number = PyLong_FromSsize_t(i);
        if (number == NULL || PyList_Append(numbers, number) != 0) {
            Py_CLEAR(numbers);
        }
        Py_XDECREF(number);
    }
    return numbers;
}

/* ids(): of all documents. */
static PyObject *result_ids(PyObject *object, PyObject *unused)
{
    (void)unused;
    ndup_verdict verdict;
    PyObject *ids = PyList_New(result_length(object));
    for (Py_ssize_t i = 0; ids != NULL && i < result_length(object); i++) {
        ndup_result_verdict(((result_object *)object)->result, (uint64_t)i, &verdict);
        PyObject *id = text_object(verdict.id);
        if (id == NULL || PyList_SetItem(ids, i, id) != 0) {
            Py_CLEAR(ids);
        }
    }
    return ids;
}

/* mask(): of all documents, whether they are kept. */
static PyObject *result_mask(PyObject *object, PyObject *unused)
{
    (void)unused;
    ndup_verdict verdict;
    PyObject *mask = PyList_New(result_length(object));
    for (Py_ssize_t i = 0; mask != NULL && i < result_length(object); i++) {
        ndup_result_verdict(((result_object *)object)->result, (uint64_t)i, &verdict);
        if (PyList_SetItem(mask, i, PyBool_FromLong(verdict.kept)) != 0) {
            Py_CLEAR(mask);
        }
    }
    return mask;
}

static PyMethodDef result_methods[] = {
    {"numbers", result_numbers, METH_O, NULL},   {"ids", result_ids, METH_NOARGS, NULL},
    {"mask", result_mask, METH_NOARGS, NULL},    {"summary", result_summary, METH_NOARGS, NULL},
    {"write", result_write, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyType_Slot result_slots[] = {{Py_tp_dealloc, result_dealloc},
                                     {Py_tp_methods, result_methods},
                                     {Py_sq_length, result_length},
                                     {Py_tp_doc, "The outcome of a run."},
                                     {0, NULL}};

PyType_Spec result_spec = {.name = "neardup._neardup.Result",
                           .basicsize = sizeof(result_object),
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                                    Py_TPFLAGS_IMMUTABLETYPE,
                           .slots = result_slots};

static PyObject *wrap(const module_state *state, ndup_result *result, corpus_object *corpus)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(state->result_type, Py_tp_alloc);
    result_object *object = (result_object *)allocate(state->result_type, 0);
    if (object == NULL) {
        ndup_result_free(result);
        return NULL;
    }
    object->result = result;
    object->corpus = (corpus_object *)Py_NewRef((PyObject *)corpus);
    return (PyObject *)object;
}

typedef struct deduplication {
    ndup_result *result;
    ndup_corpus *corpus;
    ndup_dedup_options options;
} deduplication;

static ndup_status do_dedup(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    deduplication *work = context;
    return ndup_dedup(&work->result, work->corpus, &work->options, hooks, error);
}

PyObject *result_dedup(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *result = NULL;
    corpus_object *corpus;
    option_lists lists = {.count = 0};
    deduplication work = {.result = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O!O:dedup", state->corpus_type, &corpus, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    if (options_read_dedup(&work.options, &lists, state, values) && corpus_begin(corpus)) {
        work.corpus = corpus->corpus;
        if (run(state, talk, do_dedup, &work)) {
            result = wrap(state, work.result, corpus);
        } else {
            ndup_result_free(work.result);
        }
        corpus_end(corpus);
    }
    options_free(&lists);
    return result;
}
