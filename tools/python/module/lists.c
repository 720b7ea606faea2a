/* SPDX-License-Identifier: MIT */
/* Adding takes references over, as the C API does for tuples but not for lists and dicts. */
#include "lists.h"

PyObject *text_object(ndup_text text)
{
    return PyUnicode_DecodeUTF8(text.length > 0 ? text.bytes : "", (Py_ssize_t)text.length,
                                "replace");
}

/* A str that is asked for its UTF-8 keeps it for as long as it lives; one that is encoded does not.
 */
PyObject *text_bytes(ndup_text *text, PyObject *from)
{
    char *bytes;
    Py_ssize_t length;
    PyObject *encoded = PyUnicode_AsEncodedString(from, "utf-8", "surrogatepass");
    if (encoded != NULL && PyBytes_AsStringAndSize(encoded, &bytes, &length) == 0) {
        *text = (ndup_text){bytes, (size_t)length};
    }
    return encoded;
}

Py_ssize_t text_characters(ndup_text text, size_t bytes)
{
    Py_ssize_t count = 0;
    for (size_t i = 0; i < bytes && i < text.length; i++) {
        count += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    }
    return count;
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
