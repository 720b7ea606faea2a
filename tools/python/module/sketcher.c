/* SPDX-License-Identifier: MIT */
/* Estimates and unions. Sketches are made by the functions over columns. */
#include "sketcher.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "lists.h"
#include "py_options.h"

typedef struct sketcher_object {
    PyObject_HEAD ndup_sketcher *sketcher;
} sketcher_object;

static void sketcher_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    ndup_sketcher_free(((sketcher_object *)object)->sketcher);
    freefunc free_object = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_object(object);
    Py_DECREF(type);
}

static unsigned count_slots(PyObject *object)
{
    return ndup_sketcher_slots(((sketcher_object *)object)->sketcher);
}

/* Copies two sketches, aligned; *a is to be freed. False with an exception set. */
static bool read_sketches(uint32_t **a, uint32_t **b, PyObject *object, PyObject *arguments)
{
    const char *bytes[2];
    Py_ssize_t lengths[2];
    size_t wanted = count_slots(object) * sizeof **a;
    if (!PyArg_ParseTuple(arguments, "y#y#", &bytes[0], &lengths[0], &bytes[1], &lengths[1])) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if ((size_t)lengths[i] != wanted) {
            PyErr_Format(PyExc_ValueError, "a sketch of %zd bytes, must be of %zu", lengths[i],
                         wanted);
            return false;
        }
    }
    *a = malloc(2 * wanted);
    if (*a == NULL) {
        PyErr_NoMemory();
        return false;
    }
    *b = *a + count_slots(object);
    memcpy(*a, bytes[0], wanted);
    memcpy(*b, bytes[1], wanted);
    return true;
}

/* estimate(a, b): a float. */
static PyObject *sketcher_estimate(PyObject *object, PyObject *arguments)
{
    uint32_t *a, *b;
    if (!read_sketches(&a, &b, object, arguments)) {
        return NULL;
    }
    double similarity = ndup_sketch_estimate(((sketcher_object *)object)->sketcher, a, b);
    free(a);
    return PyFloat_FromDouble(similarity);
}

/* merge(a, b): the sketch of the union. */
static PyObject *sketcher_merge(PyObject *object, PyObject *arguments)
{
    uint32_t *a, *b;
    ndup_error error = {0};
    PyObject *merged = NULL;
    if (!read_sketches(&a, &b, object, arguments)) {
        return NULL;
    }
    if (ndup_sketch_merge(((sketcher_object *)object)->sketcher, a, b, &error) == NDUP_STATUS_OK) {
        merged = PyBytes_FromStringAndSize((const char *)a,
                                           (Py_ssize_t)(count_slots(object) * sizeof *a));
    } else {
        errors_raise(state_of_object(object), &error);
    }
    free(a);
    return merged;
}

static PyObject *sketcher_slots(PyObject *object, PyObject *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(count_slots(object));
}

static PyMethodDef methods[] = {{"estimate", sketcher_estimate, METH_VARARGS, NULL},
                                {"merge", sketcher_merge, METH_VARARGS, NULL},
                                {"slots", sketcher_slots, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};

static PyType_Slot sketcher_type_slots[] = {{Py_tp_dealloc, sketcher_dealloc},
                                            {Py_tp_methods, methods},
                                            {Py_tp_doc, "A kind of sketches, its slots and seed."},
                                            {0, NULL}};

PyType_Spec sketcher_spec = {.name = "neardup._neardup.Sketcher",
                             .basicsize = sizeof(sketcher_object),
                             .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION |
                                      Py_TPFLAGS_IMMUTABLETYPE,
                             .slots = sketcher_type_slots};

PyObject *sketcher_new(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    const char *kind;
    unsigned slots;
    unsigned long long seed;
    ndup_sketcher *sketcher;
    ndup_error error = {0};
    if (!PyArg_ParseTuple(arguments, "zIK:sketcher", &kind, &slots, &seed)) {
        return NULL;
    }
    if (ndup_sketcher_new(&sketcher, kind, slots, seed, NULL, &error) != NDUP_STATUS_OK) {
        errors_raise(state, &error);
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(state->sketcher_type, Py_tp_alloc);
    sketcher_object *object = (sketcher_object *)allocate(state->sketcher_type, 0);
    if (object == NULL) {
        ndup_sketcher_free(sketcher);
        return NULL;
    }
    object->sketcher = sketcher;
    return (PyObject *)object;
}

/* The sketch of a text as bytes; NULL with an exception set. */
static PyObject *read_sketch(const module_state *state, const ndup_dedup_options *options,
                             ndup_text text)
{
    ndup_text_reader *reader;
    ndup_read_text read;
    ndup_error error = {0};
    ndup_status status;
    PyObject *sketch = NULL;
    Py_BEGIN_ALLOW_THREADS
    status = ndup_text_reader_new(&reader, options, true, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_read(&read, reader, text, &error);
    }
    Py_END_ALLOW_THREADS
    if (status == NDUP_STATUS_OK) {
        size_t slots = ndup_sketcher_slots(ndup_text_reader_sketcher(reader));
        sketch = PyBytes_FromStringAndSize((const char *)read.sketch,
                                           (Py_ssize_t)(slots * sizeof *read.sketch));
    } else {
        errors_raise(state, &error);
    }
    ndup_text_reader_free(reader);
    return sketch;
}

PyObject *sketcher_sketch_text(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *text, *values, *sketch = NULL;
    ndup_text bytes;
    ndup_dedup_options options;
    option_lists lists = {.count = 0};
    if (!PyArg_ParseTuple(arguments, "UO!:sketch_text", &text, &PyDict_Type, &values)) {
        return NULL;
    }
    PyObject *encoded = text_bytes(&bytes, text);
    if (encoded != NULL && options_read_dedup(&options, &lists, state, values)) {
        sketch = read_sketch(state, &options, bytes);
    }
    Py_XDECREF(encoded);
    options_free(&lists);
    return sketch;
}
