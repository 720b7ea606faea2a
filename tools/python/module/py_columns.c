/* SPDX-License-Identifier: MIT */
/* A call takes columns in, works without the interpreter, and gives an array. */
#include "py_columns.h"

#include <stdlib.h>

#include "column_functions.h"
#include "column_input.h"
#include "errors.h"

typedef struct columns_job {
    column_input inputs[COLUMN_INPUTS];
    text_column columns[COLUMN_INPUTS];
    size_t count;
    column_options options;
    struct ArrowSchema schema;
    struct ArrowArray array;
} columns_job;

static bool take_inputs(columns_job *job, PyObject *inputs, const module_state *state)
{
    Py_ssize_t count = PyTuple_Size(inputs);
    if (count > COLUMN_INPUTS) {
        PyErr_SetString(PyExc_TypeError, "too many columns");
        return false;
    }
    bool are_taken = true;
    for (Py_ssize_t i = 0; i < count && are_taken; i++) {
        are_taken =
            column_input_take(&job->inputs[job->count++], PyTuple_GetItem(inputs, i), state);
    }
    return are_taken;
}

static ndup_status work(columns_job *job, const column_function *function, ndup_error *error)
{
    const struct ArrowSchema *schemas[COLUMN_INPUTS] = {NULL};
    column_type type;
    for (size_t i = 0; i < job->count; i++) {
        schemas[i] = &job->inputs[i].schema;
    }
    ndup_status status =
        column_function_type(&type, function, schemas, job->count, &job->options, error);
    for (size_t i = 0; i < job->count && status == NDUP_STATUS_OK; i++) {
        const column_input *input = &job->inputs[i];
        status =
            text_column_open(&job->columns[i], &input->schema, input->chunks, input->count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = column_schema(&job->schema, type, "", error);
    }
    return status == NDUP_STATUS_OK ? column_function_run(&job->array, function, job->columns,
                                                          job->count, &job->options, error)
                                    : status;
}

static void free_schema(PyObject *capsule)
{
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, "arrow_schema");
    if (schema->release != NULL) {
        schema->release(schema);
    }
    free(schema);
}

static void free_array(PyObject *capsule)
{
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, "arrow_array");
    if (array->release != NULL) {
        array->release(array);
    }
    free(array);
}

static PyObject *wrap_schema(struct ArrowSchema *schema)
{
    struct ArrowSchema *moved = malloc(sizeof *moved);
    PyObject *capsule = moved != NULL ? PyCapsule_New(moved, "arrow_schema", free_schema) : NULL;
    if (capsule == NULL) {
        free(moved);
        return moved == NULL ? PyErr_NoMemory() : NULL;
    }
    *moved = *schema;
    schema->release = NULL;
    return capsule;
}

static PyObject *wrap_array(struct ArrowArray *array)
{
    struct ArrowArray *moved = malloc(sizeof *moved);
    PyObject *capsule = moved != NULL ? PyCapsule_New(moved, "arrow_array", free_array) : NULL;
    if (capsule == NULL) {
        free(moved);
        return moved == NULL ? PyErr_NoMemory() : NULL;
    }
    *moved = *array;
    array->release = NULL;
    return capsule;
}

static PyObject *wrap(columns_job *job)
{
    PyObject *schema = wrap_schema(&job->schema);
    PyObject *array = schema != NULL ? wrap_array(&job->array) : NULL;
    PyObject *both = array != NULL ? PyTuple_Pack(2, schema, array) : NULL;
    Py_XDECREF(schema);
    Py_XDECREF(array);
    return both;
}

static PyObject *call(const module_state *state, columns_job *job, const column_function *function,
                      PyObject *pickle)
{
    char *bytes;
    Py_ssize_t length;
    ndup_error error = {0};
    if (PyBytes_AsStringAndSize(pickle, &bytes, &length) != 0) {
        return NULL;
    }
    ndup_status status =
        column_options_read(&job->options, (const uint8_t *)bytes, (size_t)length, &error);
    if (status == NDUP_STATUS_OK) {
        Py_BEGIN_ALLOW_THREADS
        status = work(job, function, &error);
        Py_END_ALLOW_THREADS
    }
    if (status == NDUP_STATUS_OK) {
        return wrap(job);
    }
    errors_raise(state, &error);
    return NULL;
}

PyObject *columns_call(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    const char *name;
    PyObject *inputs, *pickle, *made = NULL;
    columns_job job = {.count = 0};
    if (!PyArg_ParseTuple(arguments, "sO!S", &name, &PyTuple_Type, &inputs, &pickle)) {
        return NULL;
    }
    const column_function *function = column_function_find(name);
    if (function == NULL) {
        PyErr_Format(PyExc_ValueError, "no function of columns named %s", name);
        return NULL;
    }
    if (take_inputs(&job, inputs, state)) {
        made = call(state, &job, function, pickle);
    }
    for (size_t i = 0; i < job.count; i++) {
        column_input_release(&job.inputs[i]);
    }
    if (job.schema.release != NULL) {
        job.schema.release(&job.schema);
    }
    if (job.array.release != NULL) {
        job.array.release(&job.array);
    }
    return made;
}
