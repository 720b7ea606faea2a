/* SPDX-License-Identifier: MIT */
/* The type, and opening paths. */
#include "py_corpus.h"

#include "errors.h"
#include "py_options.h"
#include "py_run.h"

static void corpus_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    ndup_corpus_close(((corpus_object *)object)->corpus);
    freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_object(object);
    Py_DECREF(type);
}

static PyType_Slot corpus_slots[] = {
    {Py_tp_dealloc, corpus_dealloc}, {Py_tp_doc, "An opened set of documents."}, {0, NULL}};

PyType_Spec corpus_spec = {.name = "neardup._neardup.Corpus",
                           .basicsize = sizeof(corpus_object),
                           .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                                    Py_TPFLAGS_IMMUTABLETYPE,
                           .slots = corpus_slots};

bool corpus_begin(corpus_object *corpus)
{
    if (__atomic_test_and_set(&corpus->is_busy, __ATOMIC_ACQUIRE)) {
        PyErr_SetString(PyExc_RuntimeError, "another thread is reading these documents");
        return false;
    }
    return true;
}

void corpus_end(corpus_object *corpus)
{
    __atomic_clear(&corpus->is_busy, __ATOMIC_RELEASE);
}

PyObject *corpus_wrap(const module_state *state, ndup_corpus *corpus)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(state->corpus_type, Py_tp_alloc);
    corpus_object *object = (corpus_object *)allocate(state->corpus_type, 0);
    if (object == NULL) {
        ndup_corpus_close(corpus);
        return NULL;
    }
    object->corpus = corpus;
    return (PyObject *)object;
}

typedef struct path_opening {
    ndup_corpus *corpus;
    ndup_corpus_options options;
    const char **paths;
    size_t count;
} path_opening;

static ndup_status open_them(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    path_opening *opening = context;
    return ndup_corpus_open(&opening->corpus, opening->paths, opening->count, &opening->options,
                            hooks, error);
}

static bool read_paths(path_opening *opening, option_lists *lists, PyObject *paths)
{
    opening->count = (size_t)PyList_Size(paths);
    opening->paths = options_list(lists, opening->count, sizeof *opening->paths);
    for (size_t i = 0; opening->paths != NULL && i < opening->count; i++) {
        PyObject *path = PySequence_GetItem(paths, (Py_ssize_t)i);
        opening->paths[i] = path != NULL ? PyBytes_AsString(path) : NULL;
        Py_XDECREF(path); /* the list has it, too */
        if (opening->paths[i] == NULL) {
            return false;
        }
    }
    return opening->paths != NULL;
}

PyObject *corpus_open_paths(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *paths, *values, *talk, *corpus = NULL;
    option_lists lists = {.count = 0};
    path_opening opening = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O!O:open_paths", &PyList_Type, &paths, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    if (options_read_corpus(&opening.options, &lists, values) &&
        read_paths(&opening, &lists, paths)) {
        if (run(state, talk, open_them, &opening)) {
            corpus = corpus_wrap(state, opening.corpus);
        } else {
            ndup_corpus_close(opening.corpus);
        }
    }
    options_free(&lists);
    return corpus;
}

typedef struct splitting {
    ndup_corpus *documents;
    ndup_corpus *units;
    ndup_corpus_options options;
} splitting;

static ndup_status split(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    splitting *work = context;
    return ndup_corpus_open_units(&work->units, work->documents, &work->options, hooks, error);
}

PyObject *corpus_open_units(PyObject *module, PyObject *arguments)
{
    static const option storage_table[] = {
        {.name = "temp_dir",
         .kind = OPTION_TEXT,
         .offset = offsetof(ndup_corpus_options, temporary_folder)},
        {.name = NULL}};
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *units = NULL;
    corpus_object *documents;
    option_lists lists = {.count = 0};
    splitting work = {.options = NDUP_CORPUS_OPTIONS_INIT};
    if (!PyArg_ParseTuple(arguments, "O!O!O:open_units", state->corpus_type, &documents,
                          &PyDict_Type, &values, &talk) ||
        !options_read(&work.options, &lists, storage_table, values)) {
        return NULL;
    }
    work.documents = documents->corpus;
    documents->corpus = NULL;
    if (run(state, talk, split, &work)) {
        units = corpus_wrap(state, work.units);
    } else {
        ndup_corpus_close(work.units);
    }
    return units;
}
