/* SPDX-License-Identifier: MIT */
/* Streams and single arrays. */
#include "column_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "errors.h"

static ndup_status fail_stream(struct ArrowArrayStream *stream, ndup_error *error)
{
    const char *message = stream->get_last_error(stream);
    *error = (ndup_error){.status = NDUP_STATUS_IO};
    snprintf(error->message, sizeof error->message, "the stream of a column failed: %.140s",
             message != NULL ? message : "it does not say why");
    return NDUP_STATUS_IO;
}

/* Room for one more chunk, released yet. */
static struct ArrowArray *add_chunk(column_input *input)
{
    if (input->count == input->capacity) {
        size_t capacity = 2 * input->capacity + 4;
        struct ArrowArray **chunks = realloc(input->chunks, capacity * sizeof *chunks);
        if (chunks == NULL) {
            return NULL;
        }
        input->chunks = chunks;
        input->capacity = capacity;
    }
    struct ArrowArray *chunk = calloc(1, sizeof *chunk);
    if (chunk != NULL) {
        input->chunks[input->count++] = chunk;
    }
    return chunk;
}

static ndup_status take_stream(column_input *input, struct ArrowArrayStream *stream,
                               ndup_error *error)
{
    if (stream->get_schema(stream, &input->schema) != 0) {
        return fail_stream(stream, error);
    }
    for (;;) {
        struct ArrowArray *chunk = add_chunk(input);
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
            input->count--;
            return NDUP_STATUS_OK;
        }
    }
}

void column_input_release(column_input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        if (input->chunks[i]->release != NULL) {
            input->chunks[i]->release(input->chunks[i]);
        }
        free(input->chunks[i]);
    }
    free(input->chunks);
    if (input->schema.release != NULL) {
        input->schema.release(&input->schema);
    }
}

static bool take_capsule(column_input *input, PyObject *capsule, const module_state *state)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    ndup_error error;
    if (stream == NULL) {
        return false;
    }
    bool is_taken = take_stream(input, stream, &error) == NDUP_STATUS_OK;
    if (!is_taken) {
        errors_raise(state, &error);
    }
    return is_taken;
}

/* What is moved out of its capsule counts as released there. */
static bool take_pair(column_input *input, PyObject *pair)
{
    PyObject *of_schema, *of_array;
    if (!PyArg_ParseTuple(pair, "OO", &of_schema, &of_array)) {
        return false;
    }
    struct ArrowSchema *schema = PyCapsule_GetPointer(of_schema, "arrow_schema");
    struct ArrowArray *array =
        schema != NULL ? PyCapsule_GetPointer(of_array, "arrow_array") : NULL;
    struct ArrowArray *chunk = array != NULL ? add_chunk(input) : NULL;
    if (chunk == NULL) {
        return PyErr_Occurred() != NULL ? false : PyErr_NoMemory() != NULL;
    }
    input->schema = *schema;
    *chunk = *array;
    schema->release = NULL;
    array->release = NULL;
    return true;
}

bool column_input_take(column_input *input, PyObject *object, const module_state *state)
{
    bool streams = PyObject_HasAttrString(object, "__arrow_c_stream__");
    if (!streams && !PyObject_HasAttrString(object, "__arrow_c_array__")) {
        PyErr_Format(PyExc_TypeError,
                     "a column must be one of pyarrow, polars, pandas or another library that "
                     "hands out Arrow data, not %R",
                     (PyObject *)Py_TYPE(object));
        return false;
    }
    PyObject *handed =
        PyObject_CallMethod(object, streams ? "__arrow_c_stream__" : "__arrow_c_array__", NULL);
    bool is_taken =
        handed != NULL && (streams ? take_capsule(input, handed, state) : take_pair(input, handed));
    Py_XDECREF(handed); /* a stream is released with its capsule */
    return is_taken;
}
