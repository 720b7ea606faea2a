/* SPDX-License-Identifier: MIT */
/* Arrow streams in capsules: the PyCapsule interface, both ways. */
#ifndef NEARDUP_PYTHON_ARROW_CAPSULE_H
#define NEARDUP_PYTHON_ARROW_CAPSULE_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* Moves the stream out of what __arrow_c_stream__ returns. */
bool arrow_take_stream(struct ArrowArrayStream *stream, PyObject *capsule);

/* Makes a stream of one array of what __arrow_c_array__ returns. */
bool arrow_take_array(struct ArrowArrayStream *stream, PyObject *schema, PyObject *array);

/* Takes over the stream, which needs `owner` as long as it is not released. */
PyObject *arrow_wrap_stream(struct ArrowArrayStream *stream, PyObject *owner);

#endif
