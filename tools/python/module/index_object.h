/* SPDX-License-Identifier: MIT */
/* Indexes that Python holds, used by any number of threads. */
#ifndef NEARDUP_PYTHON_INDEX_OBJECT_H
#define NEARDUP_PYTHON_INDEX_OBJECT_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "neardup.h"
#include "py_options.h"
#include "state.h"

/* neardup._neardup.Index. Closed by whoever is last: close(), or the thread that uses it still. */
typedef struct index_object {
    PyObject_HEAD ndup_index *index;
    pthread_mutex_t lock;
    unsigned users;
    bool is_closed;
    pid_t process; /* that opened it: a handle is of no use behind a fork */
} index_object;

extern PyType_Spec index_spec;

/* The index, for one call; NULL with an exception set once it is closed, or in another process. */
ndup_index *index_begin(PyObject *object);
void index_end(PyObject *object);

/* A call that works without Python and does not talk; `context` is its own. */
typedef ndup_status (*index_work)(ndup_index *index, void *context, ndup_error *error);

/* Does the work without the interpreter; false with an exception set. */
bool index_do(PyObject *object, index_work work, void *context);

/* Until the next call the progress of what this thread changes goes to these hooks, whose answer
 * ends the change; NULL = to nobody. For the calls of the library that take no hooks. */
void index_listen(const ndup_hooks *to);

/* Options of new indexes: those of dedup, store and secret (bytes). */
bool index_read_options(ndup_index_options *options, option_lists *lists, const module_state *state,
                        PyObject *values);

/* Functions of the module. Paths are bytes.
 * index_create(path, options), index_open(path, options): read_only, sync, lock_timeout;
 * index_open_temporary(folder or None, options), index_is_at(path), index_options(options):
 * what they come to, as Index.options() tells it. */
PyObject *index_create(PyObject *module, PyObject *arguments);
PyObject *index_open(PyObject *module, PyObject *arguments);
PyObject *index_open_temporary(PyObject *module, PyObject *arguments);
PyObject *index_is_at(PyObject *module, PyObject *path);
PyObject *index_resolve(PyObject *module, PyObject *values);

/* Methods, each in the file of its matter. */
PyObject *index_options(PyObject *self, PyObject *unused);
PyObject *index_ask(PyObject *self, PyObject *arguments);
PyObject *index_ask_corpus(PyObject *self, PyObject *arguments);
PyObject *index_get(PyObject *self, PyObject *id);
PyObject *index_numbers(PyObject *self, PyObject *unused);
PyObject *index_by_numbers(PyObject *self, PyObject *numbers);
PyObject *index_documents(PyObject *self, PyObject *talk);
PyObject *index_groups(PyObject *self, PyObject *unused);
PyObject *index_stat(PyObject *self, PyObject *unused);
PyObject *index_remove(PyObject *self, PyObject *ids);
PyObject *index_expire(PyObject *self, PyObject *arguments);
PyObject *index_compact(PyObject *self, PyObject *talk);
PyObject *index_verify(PyObject *self, PyObject *talk);
PyObject *index_merge(PyObject *self, PyObject *arguments);
PyObject *index_build(PyObject *self, PyObject *arguments);
PyObject *index_dump(PyObject *self, PyObject *arguments);
PyObject *index_load(PyObject *self, PyObject *lines);

#endif
