/* SPDX-License-Identifier: MIT */
/* Dumps of indexes: the lines as the library tells and takes them. */
#include <string.h>

#include "errors.h"
#include "index_object.h"
#include "lists.h"
#include "py_run.h"

/* Bytes that are handed to Python together. */
#define TOGETHER ((size_t)1 << 16)

typedef struct dumping {
    ndup_index *index;
    PyObject *write;
    char bytes[TOGETHER];
    size_t used;
} dumping;

static ndup_status fail_cancelled(ndup_error *error)
{
    *error = (ndup_error){.status = NDUP_STATUS_CANCELLED, .message = "cancelled"};
    return NDUP_STATUS_CANCELLED;
}

/* In the library's thread, for a caller that waits without the interpreter. write() raises nothing:
 * False is its word for that it failed. */
static ndup_status hand_over(const dumping *work, const char *bytes, size_t length,
                             ndup_error *error)
{
    if (length == 0) {
        return NDUP_STATUS_OK;
    }
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *answer = PyObject_CallFunction(work->write, "y#", bytes, (Py_ssize_t)length);
    bool is_written = answer == Py_True;
    Py_XDECREF(answer);
    PyErr_Clear();
    PyGILState_Release(held);
    return is_written ? NDUP_STATUS_OK : fail_cancelled(error);
}

static ndup_status flush(dumping *work, ndup_error *error)
{
    ndup_status status = hand_over(work, work->bytes, work->used, error);
    work->used = 0;
    return status;
}

static ndup_status put(dumping *work, ndup_text bytes, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (bytes.length > TOGETHER - work->used) {
        status = flush(work, error);
    }
    if (bytes.length > TOGETHER) {
        return status == NDUP_STATUS_OK ? hand_over(work, bytes.bytes, bytes.length, error)
                                        : status;
    }
    memcpy(work->bytes + work->used, bytes.bytes, bytes.length);
    work->used += bytes.length;
    return status;
}

static ndup_status put_line(void *context, ndup_text line, ndup_error *error)
{
    ndup_status status = put(context, line, error);
    return status == NDUP_STATUS_OK ? put(context, (ndup_text){"\n", 1}, error) : status;
}

static ndup_status dump(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    dumping *work = context;
    ndup_status status = ndup_index_dump(work->index, put_line, work, hooks, error);
    return status == NDUP_STATUS_OK ? flush(work, error) : status;
}

/* dump(write, talk): write(bytes) answers whether to go on. */
PyObject *index_dump(PyObject *object, PyObject *arguments)
{
    PyObject *write, *talk;
    if (!PyArg_ParseTuple(arguments, "OO:dump", &write, &talk)) {
        return NULL;
    }
    dumping *work = PyMem_Malloc(sizeof *work);
    if (work == NULL) {
        return PyErr_NoMemory();
    }
    work->write = write;
    work->used = 0;
    work->index = index_begin(object);
    bool is_done = false;
    if (work->index != NULL) {
        is_done = run(state_of_object(object), talk, dump, work);
        index_end(object);
    }
    PyMem_Free(work);
    return is_done ? Py_NewRef(Py_None) : NULL;
}

typedef struct loading {
    ndup_text *lines;
    size_t count;
    uint64_t loaded;
} loading;

static ndup_status load(ndup_index *index, void *context, ndup_error *error)
{
    loading *work = context;
    return ndup_index_load(index, &work->loaded, work->lines, work->count, error);
}

/* Holds the bytes of line i, without its end. */
static bool read_line(loading *work, PyObject *held, PyObject *list, size_t i)
{
    char *bytes;
    Py_ssize_t length;
    PyObject *line = PySequence_GetItem(list, (Py_ssize_t)i);
    bool is_read = line != NULL && PyBytes_AsStringAndSize(line, &bytes, &length) == 0;
    if (is_read) {
        length -= length > 0 && bytes[length - 1] == '\n';
        work->lines[i] = (ndup_text){bytes, (size_t)length};
        is_read = list_add(held, Py_NewRef(line));
    }
    Py_XDECREF(line);
    return is_read;
}

/* load(a list of bytes, a line each): how many documents; all or none. */
PyObject *index_load(PyObject *object, PyObject *list)
{
    loading work = {.count = (size_t)PyList_Size(list)};
    PyObject *held = PyList_New(0);
    work.lines = PyMem_Calloc(work.count + 1, sizeof *work.lines);
    bool is_read = held != NULL && work.lines != NULL;
    if (!is_read) {
        PyErr_NoMemory();
    }
    for (size_t i = 0; is_read && i < work.count; i++) {
        is_read = read_line(&work, held, list, i);
    }
    bool is_done = is_read && index_do(object, load, &work);
    PyMem_Free(work.lines);
    Py_XDECREF(held);
    return is_done ? PyLong_FromUnsignedLongLong(work.loaded) : NULL;
}
