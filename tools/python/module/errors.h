/* SPDX-License-Identifier: MIT */
/* Errors of the library as exceptions. */
#ifndef NEARDUP_PYTHON_ERRORS_H
#define NEARDUP_PYTHON_ERRORS_H

#include "neardup.h"
#include "state.h"

/* Raises the class of neardup.Error that goes with the status. Does nothing when an exception is
 * there already, such as one of the caller's own functions that ended the work. */
void errors_raise(const module_state *state, const ndup_error *error);

/* A text of the library, which may be cut or damaged, as a str. */
PyObject *errors_text(const char *bytes);

#endif
