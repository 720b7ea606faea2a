/* SPDX-License-Identifier: MIT */
/* The library keeps one reader of such files a process, and calls it from threads of its own: what
 * Python raises there becomes a message. */
#include "py_table_files.h"

#include <errno.h>
#include <stdio.h>

#include "arrow_capsule.h"
#include "errors.h"

/* Both functions, for as long as the process lives. */
typedef struct functions {
    PyObject *name; /* whose bytes the library points to */
    PyObject *read;
    PyObject *filter;
} functions;

/* Takes the exception that is set, as a line; returns an errno value. */
static int say(char said[NDUP_TABLE_FILES_SAID])
{
    PyObject *type, *value, *traceback;
    Py_ssize_t length;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *text = value != NULL ? PyObject_Str(value) : NULL;
    const char *bytes = text != NULL ? PyUnicode_AsUTF8AndSize(text, &length) : NULL;
    snprintf(said, NDUP_TABLE_FILES_SAID, "%s", bytes != NULL ? bytes : "failed");
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return EIO;
}

static PyObject *list_columns(const char *const *columns, size_t count)
{
    PyObject *list = columns != NULL ? PyList_New((Py_ssize_t)count) : Py_NewRef(Py_None);
    for (size_t i = 0; list != NULL && columns != NULL && i < count; i++) {
        PyObject *name = errors_text(columns[i]);
        if (name == NULL || PyList_SetItem(list, (Py_ssize_t)i, name) != 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* Calls the reader for the stream. */
static bool take_rows(struct ArrowArrayStream *stream, const functions *self, const char *path,
                      const char *const *columns, size_t count)
{
    PyObject *list = list_columns(columns, count);
    PyObject *rows = list != NULL ? PyObject_CallFunction(self->read, "NO",
                                                          PyUnicode_DecodeFSDefault(path), list)
                                  : NULL;
    PyObject *capsule = rows != NULL ? PyObject_CallMethod(rows, "__arrow_c_stream__", NULL) : NULL;
    bool is_taken = capsule != NULL && arrow_take_stream(stream, capsule);
    Py_XDECREF(capsule);
    Py_XDECREF(rows);
    Py_XDECREF(list);
    return is_taken;
}

static int read_rows(void *context, struct ArrowArrayStream *stream, const char *path,
                     const char *const *columns, size_t count, char said[NDUP_TABLE_FILES_SAID])
{
    PyGILState_STATE held = PyGILState_Ensure();
    int failed = take_rows(stream, context, path, columns, count) ? 0 : say(said);
    PyGILState_Release(held);
    return failed;
}

static int filter_rows(void *context, const char *to, const char *path, const uint8_t *kept,
                       uint64_t rows, char said[NDUP_TABLE_FILES_SAID])
{
    const functions *self = context;
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *done = PyObject_CallFunction(self->filter, "NNy#K", PyUnicode_DecodeFSDefault(to),
                                           PyUnicode_DecodeFSDefault(path), (const char *)kept,
                                           (Py_ssize_t)((rows + 7) / 8), (unsigned long long)rows);
    int failed = done != NULL ? 0 : say(said);
    Py_XDECREF(done);
    PyGILState_Release(held);
    return failed;
}

PyObject *table_files_use(PyObject *module, PyObject *arguments)
{
    PyObject *name, *read, *filter;
    ndup_error error = {0};
    if (!PyArg_ParseTuple(arguments, "UOO:use_table_files", &name, &read, &filter)) {
        return NULL;
    }
    const char *name_bytes = PyUnicode_AsUTF8AndSize(name, NULL);
    if (name_bytes == NULL) {
        return NULL;
    }
    functions *kept = PyMem_Malloc(sizeof *kept);
    if (kept == NULL) {
        return PyErr_NoMemory();
    }
    *kept = (functions){Py_NewRef(name), Py_NewRef(read), Py_NewRef(filter)};
    ndup_table_files files = {.struct_size = sizeof files,
                              .name = name_bytes,
                              .context = kept,
                              .read = read_rows,
                              .filter = filter_rows};
    if (ndup_table_files_register(&files, &error) != NDUP_STATUS_OK) {
        errors_raise(PyModule_GetState(module), &error);
        return NULL;
    }
    return Py_NewRef(Py_None);
}
