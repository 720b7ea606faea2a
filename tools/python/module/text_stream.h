/* SPDX-License-Identifier: MIT */
/* Texts of Python as an Arrow stream of large_utf8. */
#ifndef NEARDUP_PYTHON_TEXT_STREAM_H
#define NEARDUP_PYTHON_TEXT_STREAM_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* Reads an iterable of str and None to its end and keeps copies of their bytes, no objects. False
 * with an exception set: TypeError for other rows, which it names, or that of the iterable. */
bool text_stream_read(struct ArrowArrayStream *stream, PyObject *texts);

#endif
