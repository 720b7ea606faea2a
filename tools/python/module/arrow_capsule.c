/* SPDX-License-Identifier: MIT */
/* A structure is moved by copying it and taking the release function from where it was. */
#include "arrow_capsule.h"

#include <stdlib.h>
#include <string.h>

static void *pointer_of(PyObject *capsule, const char *name)
{
    void *pointer = PyCapsule_GetPointer(capsule, name);
    if (pointer == NULL) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "the data gave no capsule %s", name);
    }
    return pointer;
}

static bool refuse_released(const char *what)
{
    PyErr_Format(PyExc_ValueError, "the %s of the data was read already", what);
    return false;
}

bool arrow_take_stream(struct ArrowArrayStream *stream, PyObject *capsule)
{
    struct ArrowArrayStream *from = pointer_of(capsule, "arrow_array_stream");
    if (from == NULL) {
        return false;
    }
    if (from->release == NULL) {
        return refuse_released("stream");
    }
    *stream = *from;
    from->release = NULL;
    return true;
}

/* A stream of one array. */
typedef struct single {
    struct ArrowSchema schema;
    struct ArrowArray array;
} single;

static int single_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    single *self = stream->private_data;
    *out = self->schema;
    self->schema.release = NULL;
    return 0;
}

static int single_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    single *self = stream->private_data;
    *out = self->array;
    self->array.release = NULL;
    return 0;
}

static const char *no_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_single(struct ArrowArrayStream *stream)
{
    single *self = stream->private_data;
    if (self->schema.release != NULL) {
        self->schema.release(&self->schema);
    }
    if (self->array.release != NULL) {
        self->array.release(&self->array);
    }
    free(self);
    stream->release = NULL;
}

bool arrow_take_array(struct ArrowArrayStream *stream, PyObject *schema, PyObject *array)
{
    struct ArrowSchema *schema_from = pointer_of(schema, "arrow_schema");
    struct ArrowArray *array_from = schema_from != NULL ? pointer_of(array, "arrow_array") : NULL;
    if (array_from == NULL) {
        return false;
    }
    if (schema_from->release == NULL || array_from->release == NULL) {
        return refuse_released("array");
    }
    single *self = malloc(sizeof *self);
    if (self == NULL) {
        PyErr_NoMemory();
        return false;
    }
    *self = (single){*schema_from, *array_from};
    schema_from->release = NULL;
    array_from->release = NULL;
    *stream = (struct ArrowArrayStream){single_schema, single_next, no_error, release_single, self};
    return true;
}

/* A stream and the object that it is about. */
typedef struct owned {
    struct ArrowArrayStream stream;
    PyObject *owner;
} owned;

static int owned_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    owned *self = stream->private_data;
    return self->stream.get_schema(&self->stream, out);
}

static int owned_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    owned *self = stream->private_data;
    return self->stream.get_next(&self->stream, out);
}

static const char *owned_error(struct ArrowArrayStream *stream)
{
    owned *self = stream->private_data;
    return self->stream.get_last_error(&self->stream);
}

/* Whoever reads a stream may release it on any thread, without the interpreter, and at its end. */
static void release_owned(struct ArrowArrayStream *stream)
{
    owned *self = stream->private_data;
    self->stream.release(&self->stream);
    if (Py_IsInitialized()) {
        PyGILState_STATE held = PyGILState_Ensure();
        Py_DECREF(self->owner);
        PyGILState_Release(held);
    }
    free(self);
    stream->release = NULL;
}

static void free_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream != NULL && stream->release != NULL) {
        stream->release(stream);
    }
    free(stream);
}

PyObject *arrow_wrap_stream(struct ArrowArrayStream *stream, PyObject *owner)
{
    owned *self = malloc(sizeof *self);
    struct ArrowArrayStream *outer = malloc(sizeof *outer);
    if (self == NULL || outer == NULL) {
        stream->release(stream);
        free(self);
        free(outer);
        return PyErr_NoMemory();
    }
    *self = (owned){*stream, Py_NewRef(owner)};
    *outer = (struct ArrowArrayStream){owned_schema, owned_next, owned_error, release_owned, self};
    PyObject *capsule = PyCapsule_New(outer, "arrow_array_stream", free_capsule);
    if (capsule == NULL) {
        outer->release(outer);
        free(outer);
    }
    return capsule;
}
