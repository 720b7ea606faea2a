/* SPDX-License-Identifier: MIT */
/* What an index holds. */
#include <stdlib.h>

#include "errors.h"
#include "index_object.h"
#include "lists.h"
#include "rows_object.h"
#include "py_run.h"

static const rows_column document_columns[] = {
    {"number", CELL_COUNT}, {"id", CELL_TEXT},     {"url", CELL_TEXT},    {"source", CELL_TEXT},
    {"title", CELL_TEXT},   {"date", CELL_TEXT},   {"bytes", CELL_COUNT}, {"tokens", CELL_COUNT},
    {"reading", CELL_TEXT}, {"group", CELL_COUNT}, {"first", CELL_FLAG},  {"added", CELL_TIME},
    {"text", CELL_TEXT},    {.name = NULL}};

/* A visitor of documents, whose context is rows. */
static ndup_status add_document(void *context, const ndup_index_document *document,
                                ndup_error *error)
{
    rows *to = context;
    rows_add_count(to, document->number);
    rows_add_text(to, document->id);
    rows_add_optional(to, document->url);
    rows_add_optional(to, document->source);
    rows_add_optional(to, document->title);
    rows_add_optional(to, document->date);
    rows_add_count(to, document->bytes);
    rows_add_count(to, document->tokens);
    rows_add_name(to, ndup_reading_name(document->reading));
    rows_add_count(to, document->group);
    rows_add_flag(to, document->is_first);
    rows_add_time(to, document->added);
    rows_add_optional(to, document->text);
    return rows_end(to, error);
}

typedef struct looking {
    rows *rows;
    ndup_text id;
    const uint64_t *numbers;
    size_t count;
} looking;

/* Makes the rows, does the work and wraps them. */
static PyObject *look(PyObject *object, const rows_column *columns, index_work work,
                      looking *context)
{
    context->rows = rows_new(columns);
    if (context->rows == NULL) {
        return PyErr_NoMemory();
    }
    if (!index_do(object, work, context)) {
        rows_give(context->rows);
        return NULL;
    }
    return rows_wrap(state_of_object(object), context->rows);
}

static ndup_status pass_over_missing(ndup_status status)
{
    return status == NDUP_STATUS_NOT_FOUND ? NDUP_STATUS_OK : status;
}

static ndup_status get(ndup_index *index, void *context, ndup_error *error)
{
    looking *work = context;
    return pass_over_missing(ndup_index_get(index, work->id, add_document, work->rows, error));
}

/* get(id): rows, of which there is one or none. */
PyObject *index_get(PyObject *object, PyObject *id)
{
    looking work = {.rows = NULL};
    PyObject *bytes = text_bytes(&work.id, id);
    PyObject *found = bytes != NULL ? look(object, document_columns, get, &work) : NULL;
    Py_XDECREF(bytes);
    return found;
}

static const rows_column number_columns[] = {{"number", CELL_COUNT}, {.name = NULL}};

static ndup_status add_number(void *context, const ndup_index_document *document, ndup_error *error)
{
    rows_add_count(context, document->number);
    return rows_end(context, error);
}

static ndup_status list_numbers(ndup_index *index, void *context, ndup_error *error)
{
    return ndup_index_iterate(index, add_number, ((looking *)context)->rows, error);
}

PyObject *index_numbers(PyObject *object, PyObject *unused)
{
    (void)unused;
    looking work = {.rows = NULL};
    return look(object, number_columns, list_numbers, &work);
}

static ndup_status get_all(ndup_index *index, void *context, ndup_error *error)
{
    looking *work = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < work->count && status == NDUP_STATUS_OK; i++) {
        status = pass_over_missing(
            ndup_index_get_number(index, work->numbers[i], add_document, work->rows, error));
    }
    return status;
}

/* by_numbers(a list of tuples of one number): rows of those that are there. */
PyObject *index_by_numbers(PyObject *object, PyObject *list)
{
    size_t count = (size_t)PyList_Size(list);
    uint64_t *numbers = PyMem_Calloc(count + 1, sizeof *numbers);
    if (numbers == NULL) {
        return PyErr_NoMemory();
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *tuple = PySequence_GetItem(list, (Py_ssize_t)i);
        unsigned long long number = 0;
        if (tuple != NULL && PyArg_ParseTuple(tuple, "K", &number)) {
            numbers[i] = number;
        }
        Py_XDECREF(tuple);
    }
    looking work = {.numbers = numbers, .count = count};
    PyObject *found =
        PyErr_Occurred() == NULL ? look(object, document_columns, get_all, &work) : NULL;
    PyMem_Free(numbers);
    return found;
}

typedef struct listing {
    ndup_index *index;
    rows *rows;
    const ndup_hooks *hooks;
} listing;

/* Between documents it looks whether to go on. */
static ndup_status list_document(void *context, const ndup_index_document *document,
                                 ndup_error *error)
{
    listing *work = context;
    const ndup_progress now = {.stage = NDUP_STAGE_READ, .documents = work->rows->count};
    if (work->rows->count % 1024 == 0 && !work->hooks->progress(work->hooks->context, &now)) {
        *error = (ndup_error){.status = NDUP_STATUS_CANCELLED};
        return NDUP_STATUS_CANCELLED;
    }
    return add_document(work->rows, document, error);
}

static ndup_status list_all(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    listing *work = context;
    work->hooks = hooks;
    return ndup_index_iterate(work->index, list_document, work, error);
}

/* documents(talk): rows of all. */
PyObject *index_documents(PyObject *object, PyObject *talk)
{
    const module_state *state = state_of_object(object);
    listing work = {.index = index_begin(object), .rows = rows_new(document_columns)};
    bool is_done = work.index != NULL && work.rows != NULL && run(state, talk, list_all, &work);
    if (work.index != NULL) {
        index_end(object);
    }
    if (!is_done) {
        rows_give(work.rows);
        return PyErr_Occurred() != NULL ? NULL : PyErr_NoMemory();
    }
    return rows_wrap(state, work.rows);
}

static const rows_column group_columns[] = {
    {"group", CELL_COUNT}, {"documents", CELL_COUNT}, {.name = NULL}};

static ndup_status add_group(void *context, uint64_t group, uint64_t documents, ndup_error *error)
{
    rows_add_count(context, group);
    rows_add_count(context, documents);
    return rows_end(context, error);
}

static ndup_status list_groups(ndup_index *index, void *context, ndup_error *error)
{
    return ndup_index_iterate_groups(index, add_group, ((looking *)context)->rows, error);
}

PyObject *index_groups(PyObject *object, PyObject *unused)
{
    (void)unused;
    looking work = {.rows = NULL};
    return look(object, group_columns, list_groups, &work);
}

static ndup_status count_all(ndup_index *index, void *context, ndup_error *error)
{
    return ndup_index_stat(index, context, error);
}

/* As Statistics of _index.py has them. */
PyObject *index_stat(PyObject *object, PyObject *unused)
{
    (void)unused;
    ndup_index_statistics now;
    if (!index_do(object, count_all, &now)) {
        return NULL;
    }
    return Py_BuildValue("KKKKKKKII", (unsigned long long)now.documents,
                         (unsigned long long)now.groups, (unsigned long long)now.copies,
                         (unsigned long long)now.database_bytes,
                         (unsigned long long)now.segment_bytes, (unsigned long long)now.segments,
                         (unsigned long long)now.fresh, now.bands.bands, now.bands.rows);
}
