/* SPDX-License-Identifier: MIT */
/* Corpora of Arrow streams, other libraries' and our own. A stream may need the interpreter to go
 * on, so that it is read by the run's thread while this one holds nothing. */
#include "arrow_capsule.h"
#include "py_corpus.h"
#include "py_options.h"
#include "py_run.h"
#include "text_stream.h"

typedef struct stream_opening {
    struct ArrowArrayStream stream;
    ndup_corpus_options options;
    ndup_corpus *corpus;
} stream_opening;

static ndup_status open_it(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    stream_opening *opening = context;
    return ndup_corpus_open_arrow(&opening->corpus, &opening->stream, &opening->options, hooks,
                                  error);
}

/* Takes over the stream. */
static PyObject *open_stream(PyObject *module, stream_opening *opening, PyObject *values,
                             PyObject *talk)
{
    const module_state *state = PyModule_GetState(module);
    option_lists lists = {.count = 0};
    PyObject *corpus = NULL;
    if (!options_read_corpus(&opening->options, &lists, values)) {
        opening->stream.release(&opening->stream);
    } else if (run(state, talk, open_it, opening)) {
        corpus = corpus_wrap(state, opening->corpus);
    } else {
        ndup_corpus_close(opening->corpus);
    }
    options_free(&lists);
    return corpus;
}

PyObject *corpus_open_stream(PyObject *module, PyObject *arguments)
{
    PyObject *capsule, *values, *talk;
    stream_opening opening = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "OO!O:open_stream", &capsule, &PyDict_Type, &values, &talk) ||
        !arrow_take_stream(&opening.stream, capsule)) {
        return NULL;
    }
    return open_stream(module, &opening, values, talk);
}

PyObject *corpus_open_array(PyObject *module, PyObject *arguments)
{
    PyObject *schema, *array, *values, *talk;
    stream_opening opening = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "OOO!O:open_array", &schema, &array, &PyDict_Type, &values,
                          &talk) ||
        !arrow_take_array(&opening.stream, schema, array)) {
        return NULL;
    }
    return open_stream(module, &opening, values, talk);
}

PyObject *corpus_open_texts(PyObject *module, PyObject *arguments)
{
    PyObject *texts, *values, *talk;
    stream_opening opening = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "OO!O:open_texts", &texts, &PyDict_Type, &values, &talk) ||
        !text_stream_read(&opening.stream, texts)) {
        return NULL;
    }
    return open_stream(module, &opening, values, talk);
}

PyObject *corpus_text_stream(PyObject *module, PyObject *texts)
{
    struct ArrowArrayStream stream;
    return text_stream_read(&stream, texts) ? arrow_wrap_stream(&stream, module) : NULL;
}
