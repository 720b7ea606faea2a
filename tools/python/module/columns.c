/* SPDX-License-Identifier: MIT */
/* A call takes streams of columns, works without the interpreter, and gives an array. */
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>

#include "column_functions.h"
#include "errors.h"

/* A column that was taken in: its arrays are released with it. */
typedef struct taken_column {
    struct ArrowSchema schema;
    struct ArrowArray **chunks;
    size_t count, capacity;
} taken_column;

typedef struct columns_job {
    taken_column taken[COLUMN_INPUTS];
    text_column columns[COLUMN_INPUTS];
    size_t count;
    column_options options;
    struct ArrowSchema schema;
    struct ArrowArray array;
} columns_job;

static ndup_status fail_stream(struct ArrowArrayStream *stream, ndup_error *error)
{
    const char *message = stream->get_last_error(stream);
    *error = (ndup_error){.status = NDUP_STATUS_IO};
    snprintf(error->message, sizeof error->message, "the stream of a column failed: %.140s",
             message != NULL ? message : "it does not say why");
    return NDUP_STATUS_IO;
}

/* Room for one more chunk, released yet. */
static struct ArrowArray *add_chunk(taken_column *taken)
{
    if (taken->count == taken->capacity) {
        size_t capacity = 2 * taken->capacity + 4;
        struct ArrowArray **chunks = realloc(taken->chunks, capacity * sizeof *chunks);
        if (chunks == NULL) {
            return NULL;
        }
        taken->chunks = chunks;
        taken->capacity = capacity;
    }
    struct ArrowArray *chunk = calloc(1, sizeof *chunk);
    if (chunk != NULL) {
        taken->chunks[taken->count++] = chunk;
    }
    return chunk;
}

static ndup_status take_stream(taken_column *taken, struct ArrowArrayStream *stream,
                               ndup_error *error)
{
    if (stream->get_schema(stream, &taken->schema) != 0) {
        return fail_stream(stream, error);
    }
    for (;;) {
        struct ArrowArray *chunk = add_chunk(taken);
        if (chunk == NULL) {
            *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
            return NDUP_STATUS_MEMORY;
        }
        if (stream->get_next(stream, chunk) != 0) {
            chunk->release = NULL;
            return fail_stream(stream, error);
        }
        if (chunk->release == NULL) { /* the end */
            free(chunk);
            taken->count--;
            return NDUP_STATUS_OK;
        }
    }
}

static void release_taken(taken_column *taken)
{
    for (size_t i = 0; i < taken->count; i++) {
        if (taken->chunks[i]->release != NULL) {
            taken->chunks[i]->release(taken->chunks[i]);
        }
        free(taken->chunks[i]);
    }
    free(taken->chunks);
    if (taken->schema.release != NULL) {
        taken->schema.release(&taken->schema);
    }
}

/* False with an exception set. The producer's functions are called with the interpreter, since it
 * may be Python's own. */
static bool take_object(columns_job *job, PyObject *object, const module_state *state)
{
    PyObject *capsule = PyObject_CallMethod(object, "__arrow_c_stream__", NULL);
    struct ArrowArrayStream *stream =
        capsule != NULL ? PyCapsule_GetPointer(capsule, "arrow_array_stream") : NULL;
    bool is_taken = false;
    if (stream != NULL) {
        ndup_error error;
        taken_column *taken = &job->taken[job->count++];
        is_taken = take_stream(taken, stream, &error) == NDUP_STATUS_OK;
        if (!is_taken) {
            errors_raise(state, &error);
        }
    }
    Py_XDECREF(capsule); /* which releases the stream */
    return is_taken;
}

static bool take_inputs(columns_job *job, PyObject *inputs, const module_state *state)
{
    Py_ssize_t count = PyTuple_Size(inputs);
    if (count > COLUMN_INPUTS) {
        PyErr_SetString(PyExc_TypeError, "too many columns");
        return false;
    }
    bool are_taken = true;
    for (Py_ssize_t i = 0; i < count && are_taken; i++) {
        are_taken = take_object(job, PyTuple_GetItem(inputs, i), state);
    }
    return are_taken;
}

static ndup_status work(columns_job *job, const column_function *function, ndup_error *error)
{
    const struct ArrowSchema *schemas[COLUMN_INPUTS] = {NULL};
    column_type type;
    for (size_t i = 0; i < job->count; i++) {
        schemas[i] = &job->taken[i].schema;
    }
    ndup_status status =
        column_function_type(&type, function, schemas, job->count, &job->options, error);
    for (size_t i = 0; i < job->count && status == NDUP_STATUS_OK; i++) {
        const taken_column *taken = &job->taken[i];
        status =
            text_column_open(&job->columns[i], &taken->schema, taken->chunks, taken->count, error);
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
        Py_BEGIN_ALLOW_THREADS status = work(job, function, &error);
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
        release_taken(&job.taken[i]);
    }
    if (job.schema.release != NULL) {
        job.schema.release(&job.schema);
    }
    if (job.array.release != NULL) {
        job.array.release(&job.array);
    }
    return made;
}
