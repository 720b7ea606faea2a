/* SPDX-License-Identifier: MIT */
/* Questions about single documents, in the caller's thread, and about corpora, in one that can be
 * interrupted. */
#include <string.h>

#include "answer_rows.h"
#include "py_corpus.h"
#include "documents.h"
#include "errors.h"
#include "index_object.h"
#include "rows_object.h"
#include "py_run.h"

/* Documents of a corpus that are one call, and one transaction. */
#define TOGETHER 1000

typedef enum change { CHANGE_NOTHING, CHANGE_ADD_NEW, CHANGE_ADD_ALL } change;

typedef struct asking {
    ndup_index *index;
    ndup_corpus *corpus;
    change change;
    ndup_index_query query;
    rows *answers, *matches;
} asking;

static bool read_change(change *asked, const char *name)
{
    static const char *const names[] = {"check", "check_and_add", "add"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            *asked = (change)i;
            return true;
        }
    }
    PyErr_Format(PyExc_ValueError, "%s is no question", name);
    return false;
}

static const option query_table[] = {
    {.name = "matches", .kind = OPTION_COUNT, .offset = offsetof(asking, query.matches)},
    {.name = "within_days", .kind = OPTION_NUMBER, .offset = offsetof(asking, query.within_days)},
    {.name = "add_known", .kind = OPTION_FLAG, .offset = offsetof(asking, query.add_known)},
    {.name = "threads", .kind = OPTION_UNSIGNED, .offset = offsetof(asking, query.threads)},
    {.name = NULL}};

/* Rows that another part of the call made, for more of them; else new ones. */
static rows *take_rows(PyObject *object, const rows_column *columns)
{
    if (object == NULL) {
        return rows_new(columns);
    }
    rows *taken = ((rows_object *)object)->rows;
    rows_keep(taken);
    return taken;
}

static bool begin(asking *work, const char *name, PyObject *values, PyObject *answers,
                  PyObject *matches)
{
    work->query.struct_size = sizeof work->query;
    if (!read_change(&work->change, name) || !options_read(work, NULL, query_table, values)) {
        return false;
    }
    work->answers = take_rows(answers, answer_columns);
    work->matches = take_rows(matches, match_columns);
    if (work->answers == NULL || work->matches == NULL) {
        PyErr_NoMemory();
        return false;
    }
    return true;
}

static ndup_status ask(asking *work, const ndup_document *documents, size_t count,
                       ndup_error *error)
{
    ndup_index_answers *answers = NULL;
    ndup_status status;
    switch (work->change) {
    case CHANGE_ADD_NEW:
        status =
            ndup_index_check_and_add(work->index, &answers, documents, count, &work->query, error);
        break;
    case CHANGE_ADD_ALL:
        status = ndup_index_add(work->index, &answers, documents, count, error);
        break;
    default:
        status = ndup_index_check(work->index, &answers, documents, count, &work->query, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = answer_rows_add(work->answers, work->matches, answers, documents, error);
    }
    ndup_index_answers_free(answers);
    return status;
}

/* A pair of Rows, or NULL; frees what is left. */
static PyObject *end(asking *work, const module_state *state, bool is_done)
{
    PyObject *pair = NULL;
    if (is_done) {
        rows_keep(work->answers);
        rows_keep(work->matches);
        pair =
            Py_BuildValue("NN", rows_wrap(state, work->answers), rows_wrap(state, work->matches));
    }
    rows_give(work->answers);
    rows_give(work->matches);
    return pair;
}

/* ask(question, documents, query[, answers, matches]): documents as documents_read takes them;
 * answers and matches are what the call before returned, and are added to. */
PyObject *index_ask(PyObject *object, PyObject *arguments)
{
    const module_state *state = state_of_object(object);
    const char *name;
    PyObject *list, *values, *answers = NULL, *matches = NULL;
    asking work = {.corpus = NULL};
    document_list read = {.count = 0};
    ndup_error error = {0};
    ndup_status status = NDUP_STATUS_CANCELLED;
    if (!PyArg_ParseTuple(arguments, "sO!O!|O!O!:ask", &name, &PyList_Type, &list, &PyDict_Type,
                          &values, state->rows_type, &answers, state->rows_type, &matches)) {
        return NULL;
    }
    bool is_begun = begin(&work, name, values, answers, matches) && documents_read(&read, list) &&
                    (work.index = index_begin(object)) != NULL;
    if (is_begun) {
        Py_BEGIN_ALLOW_THREADS
        status = ask(&work, read.items, read.count, &error);
        Py_END_ALLOW_THREADS
        index_end(object);
    }
    documents_free(&read);
    if (is_begun && status != NDUP_STATUS_OK) {
        errors_raise(state, &error);
    }
    return end(&work, state, status == NDUP_STATUS_OK);
}

static ndup_status ask_batch(void *context, const ndup_document *documents, size_t count,
                             ndup_error *error)
{
    return ask(context, documents, count, error);
}

static ndup_status walk(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    asking *work = context;
    return ndup_corpus_walk(work->corpus, NULL, TOGETHER, ask_batch, work, hooks, error);
}

/* ask_corpus(question, corpus, query, talk). */
PyObject *index_ask_corpus(PyObject *object, PyObject *arguments)
{
    const module_state *state = state_of_object(object);
    const char *name;
    PyObject *values, *talk;
    corpus_object *corpus;
    asking work = {.corpus = NULL};
    bool is_done = false;
    if (!PyArg_ParseTuple(arguments, "sO!O!O:ask_corpus", &name, state->corpus_type, &corpus,
                          &PyDict_Type, &values, &talk)) {
        return NULL;
    }
    if (begin(&work, name, values, NULL, NULL) && corpus_begin(corpus)) {
        work.corpus = corpus->corpus;
        work.index = index_begin(object);
        if (work.index != NULL) {
            is_done = run(state, talk, walk, &work);
            index_end(object);
        }
        corpus_end(corpus);
    }
    return end(&work, state, is_done);
}
