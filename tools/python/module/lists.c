/* SPDX-License-Identifier: MIT */
/* Adding takes references over, as the C API does for tuples but not for lists and dicts. */
#include "lists.h"

PyObject *text_object(ndup_text text)
{
    return PyUnicode_DecodeUTF8(text.length > 0 ? text.bytes : "", (Py_ssize_t)text.length,
                                "replace");
}

bool list_add(PyObject *list, PyObject *value)
{
    bool is_added = value != NULL && PyList_Append(list, value) == 0;
    Py_XDECREF(value);
    return is_added;
}

bool dict_set(PyObject *dict, const char *name, PyObject *value)
{
    bool is_set = value != NULL && PyDict_SetItemString(dict, name, value) == 0;
    Py_XDECREF(value);
    return is_set;
}
