/* SPDX-License-Identifier: MIT */
/* Long work: done by a thread of its own, while the caller's looks after signals and talks. */
#ifndef NEARDUP_PYTHON_PY_RUN_H
#define NEARDUP_PYTHON_PY_RUN_H

#include <stdbool.h>

#include "neardup.h"
#include "state.h"

/* The work. It must not touch Python, and passes the hooks on to the library. */
typedef ndup_status (*run_work)(void *context, const ndup_hooks *hooks, ndup_error *error);

/* Does the work without holding the interpreter, and returns whether it went well; otherwise an
 * exception is set, and what the work has made all the same is the caller's to free. Meanwhile the
 * methods of `talk` are called by this thread: progress(stage, done, total, documents), whose
 * False cancels; problem(status, skipped, path, line, offset, message); notice(message);
 * forecast(documents, memory_bytes, available_bytes, seconds). Signals are looked after
 * every 50 ms; an exception, of theirs or of `talk`, cancels the work, too. `talk` may be None. */
bool run(const module_state *state, PyObject *talk, run_work work, void *context);

#endif
