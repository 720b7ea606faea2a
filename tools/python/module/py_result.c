/* SPDX-License-Identifier: MIT */
/* The type, and the run that makes one. */
#include "py_result.h"

#include "errors.h"
#include "py_forms.h"
#include "py_options.h"
#include "py_run.h"

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

static PyMethodDef result_methods[] = {{"numbers", result_numbers, METH_O, NULL},
                                       {"ids", result_ids, METH_NOARGS, NULL},
                                       {"mask", result_mask, METH_NOARGS, NULL},
                                       {"verdict", result_verdict, METH_O, NULL},
                                       {"groups", result_groups, METH_NOARGS, NULL},
                                       {"pair", result_pair, METH_O, NULL},
                                       {"pair_count", result_pair_count, METH_NOARGS, NULL},
                                       {"stream", result_stream, METH_NOARGS, NULL},
                                       {"pair_stream", result_pair_stream, METH_NOARGS, NULL},
                                       {"texts", result_texts, METH_VARARGS, NULL},
                                       {"summary", result_summary, METH_NOARGS, NULL},
                                       {"write", result_write, METH_VARARGS, NULL},
                                       {NULL, NULL, 0, NULL}};

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
    ndup_corpus_frequencies *frequencies = NULL;
    if (!PyArg_ParseTuple(arguments, "O!O!O:dedup", state->corpus_type, &corpus, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    if (options_read_dedup(&work.options, &lists, state, values) &&
        forms_read(&frequencies, state, options_get(values, "frequencies")) &&
        corpus_begin(corpus)) {
        work.options.frequencies = frequencies;
        work.corpus = corpus->corpus;
        if (run(state, talk, do_dedup, &work)) {
            result = wrap(state, work.result, corpus);
        } else {
            ndup_result_free(work.result);
        }
        corpus_end(corpus);
    }
    ndup_corpus_frequencies_free(frequencies);
    options_free(&lists);
    return result;
}
