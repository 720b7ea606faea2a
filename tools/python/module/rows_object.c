/* SPDX-License-Identifier: MIT */
/* Cells become objects only when they are asked for. */
#include "rows_object.h"

#include "arrow_capsule.h"
#include "errors.h"
#include "lists.h"

static PyObject *make_cell(const rows *from, size_t column, uint64_t row)
{
    if (rows_is_null(from, column, row)) {
        return Py_NewRef(Py_None);
    }
    switch (from->columns[column].kind) {
    case CELL_COUNT:
        return PyLong_FromUnsignedLongLong(rows_count(from, column, row));
    case CELL_SHARE:
        return PyFloat_FromDouble(rows_share(from, column, row));
    case CELL_FLAG:
        return PyBool_FromLong(rows_flag(from, column, row));
    case CELL_TEXT:
        return text_object(rows_text(from, column, row));
    case CELL_TIME:
        return PyLong_FromLongLong((long long)rows_count(from, column, row));
    }
    return NULL;
}

static PyObject *make_row(const rows *from, uint64_t row)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)from->column_count);
    for (size_t i = 0; tuple != NULL && i < from->column_count; i++) {
        PyObject *cell = make_cell(from, i, row);
        if (cell == NULL || PyTuple_SetItem(tuple, (Py_ssize_t)i, cell) != 0) {
            Py_CLEAR(tuple);
        }
    }
    return tuple;
}

/* rows(begin, end): a list of tuples. */
static PyObject *get_rows(PyObject *object, PyObject *arguments)
{
    const rows *from = ((rows_object *)object)->rows;
    unsigned long long begin, end;
    if (!PyArg_ParseTuple(arguments, "KK:rows", &begin, &end)) {
        return NULL;
    }
    PyObject *list = PyList_New(0);
    for (uint64_t i = begin; list != NULL && i < end && i < from->count; i++) {
        if (!list_add(list, make_row(from, i))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* column(i): a list. */
static PyObject *get_column(PyObject *object, PyObject *number)
{
    const rows *from = ((rows_object *)object)->rows;
    size_t column = PyLong_AsSize_t(number);
    if (PyErr_Occurred() != NULL || column >= from->column_count) {
        PyErr_SetString(PyExc_IndexError, "there is no such column");
        return NULL;
    }
    PyObject *list = PyList_New(0);
    for (uint64_t i = 0; list != NULL && i < from->count; i++) {
        if (!list_add(list, make_cell(from, column, i))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *get_names(PyObject *object, PyObject *unused)
{
    (void)unused;
    const rows *from = ((rows_object *)object)->rows;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < from->column_count; i++) {
        if (!list_add(list, PyUnicode_FromString(from->columns[i].name))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *get_stream(PyObject *object, PyObject *unused)
{
    (void)unused;
    struct ArrowArrayStream stream;
    ndup_error error = {0};
    if (rows_stream(&stream, ((rows_object *)object)->rows, &error) != NDUP_STATUS_OK) {
        errors_raise(state_of_object(object), &error);
        return NULL;
    }
    return arrow_wrap_stream(&stream, object);
}

static Py_ssize_t rows_length(PyObject *object)
{
    return (Py_ssize_t)((rows_object *)object)->rows->count;
}

static void rows_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    rows_give(((rows_object *)object)->rows);
    freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_object(object);
    Py_DECREF(type);
}

static PyMethodDef rows_methods[] = {{"names", get_names, METH_NOARGS, NULL},
                                     {"rows", get_rows, METH_VARARGS, NULL},
                                     {"column", get_column, METH_O, NULL},
                                     {"stream", get_stream, METH_NOARGS, NULL},
                                     {NULL, NULL, 0, NULL}};

static PyType_Slot rows_slots[] = {{Py_tp_dealloc, rows_dealloc},
                                   {Py_tp_methods, rows_methods},
                                   {Py_sq_length, rows_length},
                                   {Py_tp_doc, "Rows of an answer."},
                                   {0, NULL}};

PyType_Spec rows_spec = {.name = "neardup._neardup.Rows",
                         .basicsize = sizeof(rows_object),
                         .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                                  Py_TPFLAGS_IMMUTABLETYPE,
                         .slots = rows_slots};

PyObject *rows_wrap(const module_state *state, rows *made)
{
    if (made == NULL) {
        return PyErr_NoMemory();
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(state->rows_type, Py_tp_alloc);
    rows_object *object = (rows_object *)allocate(state->rows_type, 0);
    if (object == NULL) {
        rows_give(made);
        return NULL;
    }
    object->rows = made;
    return (PyObject *)object;
}
