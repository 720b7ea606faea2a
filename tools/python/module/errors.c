/* SPDX-License-Identifier: MIT */
/* The classes are Python's own, in _errors.py; one is made from what the record says. */
#include "errors.h"

#include <string.h>

PyObject *errors_text(const char *bytes)
{
    if (bytes == NULL) {
        return Py_NewRef(Py_None);
    }
    return PyUnicode_DecodeUTF8(bytes, (Py_ssize_t)strlen(bytes), "replace");
}

void errors_raise(const module_state *state, const ndup_error *error)
{
    if (PyErr_Occurred() != NULL) {
        return;
    }
    const char *message =
        error->message[0] != '\0' ? error->message : ndup_status_text(error->status);
    PyObject *exception = PyObject_CallFunction(
        state->make_error, "sNiK", ndup_status_name(error->status), errors_text(message),
        error->system_errno, (unsigned long long)error->line);
    if (exception != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
        Py_DECREF(exception);
    }
}
