/* SPDX-License-Identifier: MIT */
/* Each kind of member has its reader. */
#include "py_options.h"

#include <stdio.h>
#include <string.h>

static bool refuse_type(const char *name, const char *wanted, PyObject *value)
{
    PyObject *type = PyType_GetName(Py_TYPE(value));
    if (type != NULL) {
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %U", name, wanted, type);
        Py_DECREF(type);
    }
    return false;
}

static const char *read_text(const char *name, PyObject *value)
{
    if (!PyUnicode_Check(value)) {
        refuse_type(name, "a str", value);
        return NULL;
    }
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(value, &length);
    if (text != NULL && strlen(text) != (size_t)length) {
        PyErr_Format(PyExc_ValueError, "%s holds a zero byte", name);
        return NULL;
    }
    return text;
}

static bool read_number(double *number, const char *name, PyObject *value)
{
    *number = PyFloat_AsDouble(value);
    if (*number == -1 && PyErr_Occurred() != NULL) {
        PyErr_Clear();
        return refuse_type(name, "a number", value);
    }
    return true;
}

static bool read_count(uint64_t *count, const char *name, PyObject *value, uint64_t most)
{
    PyObject *whole = PyBool_Check(value) ? NULL : PyNumber_Index(value);
    if (whole == NULL) {
        PyErr_Clear();
        return refuse_type(name, "a whole number", value);
    }
    *count = PyLong_AsUnsignedLongLong(whole);
    Py_DECREF(whole);
    if (PyErr_Occurred() != NULL || *count > most) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "%s is %R, must be 0 to %llu", name, value,
                     (unsigned long long)most);
        return false;
    }
    return true;
}

/* The names there are, as "a, b or c". */
static void refuse_choice(const option *asked, PyObject *value)
{
    char names[160] = "";
    for (unsigned i = 0; asked->choice(i) != NULL; i++) {
        const char *parting = i == 0 ? "" : asked->choice(i + 1) == NULL ? " or " : ", ";
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", parting, asked->choice(i));
    }
    PyErr_Format(PyExc_ValueError, "%s is %R, must be %s", asked->name, value, names);
}

static bool read_choice(unsigned *choice, const option *asked, PyObject *value)
{
    const char *name = read_text(asked->name, value);
    if (name == NULL) {
        return false;
    }
    for (*choice = 0; asked->choice(*choice) != NULL; ++*choice) {
        if (strcmp(asked->choice(*choice), name) == 0) {
            return true;
        }
    }
    refuse_choice(asked, value);
    return false;
}

void *options_list(option_lists *lists, size_t count, size_t item_bytes)
{
    void *list = PyMem_Malloc(count > 0 ? count * item_bytes : 1);
    if (list == NULL || lists->count == sizeof lists->lists / sizeof *lists->lists) {
        PyMem_Free(list);
        PyErr_NoMemory();
        return NULL;
    }
    lists->lists[lists->count++] = list;
    return list;
}

static bool read_texts(const char *const **texts, size_t *count, option_lists *lists,
                       const char *name, PyObject *value)
{
    if (!PyList_Check(value)) {
        return refuse_type(name, "a list of str", value);
    }
    *count = (size_t)PyList_Size(value);
    const char **list = options_list(lists, *count, sizeof *list);
    for (size_t i = 0; list != NULL && i < *count; i++) {
        PyObject *item = PySequence_GetItem(value, (Py_ssize_t)i);
        list[i] = item != NULL ? read_text(name, item) : NULL;
        Py_XDECREF(item); /* the list has it, too */
        if (list[i] == NULL) {
            return false;
        }
    }
    *texts = list;
    return list != NULL;
}

static bool read_option(char *into, option_lists *lists, const option *asked, PyObject *value)
{
    void *member = into + asked->offset;
    uint64_t count;
    switch (asked->kind) {
    case OPTION_TEXT:
        return (*(const char **)member = read_text(asked->name, value)) != NULL;
    case OPTION_FLAG: {
        int truth = PyObject_IsTrue(value);
        *(bool *)member = truth > 0;
        return truth >= 0;
    }
    case OPTION_NUMBER:
        return read_number(member, asked->name, value);
    case OPTION_UNSIGNED:
        if (!read_count(&count, asked->name, value, UINT32_MAX)) {
            return false;
        }
        *(unsigned *)member = (unsigned)count;
        return true;
    case OPTION_COUNT:
        return read_count(member, asked->name, value, UINT64_MAX);
    case OPTION_CHOICE:
        return read_choice(member, asked, value);
    case OPTION_TEXTS:
        return read_texts(member, (size_t *)(void *)(into + asked->count_offset), lists,
                          asked->name, value);
    }
    return false;
}

PyObject *options_get(PyObject *values, const char *name)
{
    if (!PyMapping_HasKeyString(values, name)) {
        return NULL;
    }
    PyObject *value = PyMapping_GetItemString(values, name);
    Py_XDECREF(value); /* the dict has it, too */
    return value != Py_None ? value : NULL;
}

bool options_read(void *into, option_lists *lists, const option *table, PyObject *values)
{
    for (const option *asked = table; asked->name != NULL; asked++) {
        PyObject *value = options_get(values, asked->name);
        if (value != NULL && !read_option(into, lists, asked, value)) {
            return false;
        }
    }
    return true;
}

void options_free(option_lists *lists)
{
    while (lists->count > 0) {
        PyMem_Free(lists->lists[--lists->count]);
    }
}
