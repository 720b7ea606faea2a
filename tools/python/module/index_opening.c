/* SPDX-License-Identifier: MIT */
/* Making and opening indexes, and the options that they are made with. */
#include <unistd.h>

#include "errors.h"
#include "index_object.h"

static const char *store_name(unsigned value)
{
    return ndup_index_store_name((ndup_index_store)value);
}

static const char *sync_name(unsigned value)
{
    static const char *const names[] = {"always", "batch", "never"};
    return value < sizeof names / sizeof *names ? names[value] : NULL;
}

/* The secret is bytes, and borrowed from the dict, as texts are. */
static bool read_secret(ndup_text *secret, PyObject *values)
{
    char *bytes;
    Py_ssize_t length;
    PyObject *given = options_get(values, "secret");
    if (given == NULL) {
        return true;
    }
    if (PyBytes_AsStringAndSize(given, &bytes, &length) != 0) {
        return false;
    }
    *secret = (ndup_text){bytes, (size_t)length};
    return true;
}

bool index_read_options(ndup_index_options *options, option_lists *lists, const module_state *state,
                        PyObject *values)
{
    static const option table[] = {{.name = "store",
                                    .kind = OPTION_CHOICE,
                                    .offset = offsetof(ndup_index_options, store),
                                    .choice = store_name},
                                   {.name = NULL}};
    ndup_error error = {0};
    if (ndup_index_options_init(options, NULL, &error) != NDUP_STATUS_OK) {
        errors_raise(state, &error);
        return false;
    }
    return options_read_dedup(&options->dedup, lists, state, values) &&
           options_read(options, lists, table, values) && read_secret(&options->secret, values);
}

static PyObject *tell(const ndup_index_options *options, bool has_secret)
{
    const ndup_dedup_options *dedup = &options->dedup;
    const ndup_matching *matching = &dedup->matching;
    return Py_BuildValue(
        "{sssdsIsssdsssIsdsKsssdsssO}", "store", ndup_index_store_name(options->store), "threshold",
        matching->threshold, "shingle_size", matching->shingle_size, "tokens",
        ndup_token_mode_name(matching->tokens), "number_agreement", matching->number_agreement,
        "sketch", dedup->sketch, "slots", dedup->slots, "recall", dedup->recall, "seed",
        (unsigned long long)dedup->seed, "rule", ndup_rule_name(dedup->rule), "containment",
        dedup->containment, "templates", ndup_templates_name(dedup->templates), "has_secret",
        has_secret ? Py_True : Py_False);
}

PyObject *index_options(PyObject *object, PyObject *unused)
{
    (void)unused;
    ndup_index *index = index_begin(object);
    if (index == NULL) {
        return NULL;
    }
    PyObject *told = tell(ndup_index_get_options(index), ndup_index_has_secret(index));
    index_end(object);
    return told;
}

PyObject *index_resolve(PyObject *module, PyObject *values)
{
    ndup_index_options options;
    option_lists lists = {.count = 0};
    bool is_read = index_read_options(&options, &lists, PyModule_GetState(module), values);
    PyObject *told = is_read ? tell(&options, options.secret.length > 0) : NULL;
    options_free(&lists);
    return told;
}

PyObject *index_is_at(PyObject *module, PyObject *path)
{
    (void)module;
    const char *bytes = PyBytes_AsString(path);
    return bytes != NULL ? PyBool_FromLong(ndup_index_is_at(bytes)) : NULL;
}

PyObject *index_create(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    const char *path;
    PyObject *values;
    ndup_index_options options;
    option_lists lists = {.count = 0};
    ndup_error error = {0};
    if (!PyArg_ParseTuple(arguments, "yO!:index_create", &path, &PyDict_Type, &values)) {
        return NULL;
    }
    bool is_read = index_read_options(&options, &lists, state, values);
    ndup_status status = NDUP_STATUS_OK;
    if (is_read) {
        Py_BEGIN_ALLOW_THREADS
        status = ndup_index_create(path, &options, &error);
        Py_END_ALLOW_THREADS
    }
    options_free(&lists);
    if (status != NDUP_STATUS_OK) {
        errors_raise(state, &error);
    }
    return is_read && status == NDUP_STATUS_OK ? Py_NewRef(Py_None) : NULL;
}

/* An index says what it mends in any call, at any time and from any thread, which has let go of the
 * interpreter: so this takes it. What goes wrong here is lost. */
static void say_problem(void *context, const ndup_problem *problem)
{
    (void)context;
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *module = PyImport_ImportModule("neardup._talk");
    PyObject *talk = module != NULL ? PyObject_CallMethod(module, "Talk", NULL) : NULL;
    PyObject *said = talk != NULL
                         ? PyObject_CallMethod(
                               talk, "problem", "sONKKN", ndup_status_name(problem->status),
                               problem->skipped ? Py_True : Py_False, errors_text(problem->path),
                               (unsigned long long)problem->line,
                               (unsigned long long)problem->offset, errors_text(problem->message))
                         : NULL;
    Py_XDECREF(said);
    Py_XDECREF(talk);
    Py_XDECREF(module);
    PyErr_Clear();
    PyGILState_Release(held);
}

/* An index is opened with its hooks, but who changes it wants to be asked whether to go on. The
 * library asks in the thread that changes it. */
static _Thread_local const ndup_hooks *listener;

void index_listen(const ndup_hooks *to)
{
    listener = to;
}

static bool pass_progress_on(void *context, const ndup_progress *progress)
{
    (void)context;
    return listener == NULL || listener->progress(listener->context, progress);
}

static const ndup_hooks hooks = {
    .struct_size = sizeof hooks, .progress = pass_progress_on, .problem = say_problem};

static PyObject *wrap(const module_state *state, ndup_index *index)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot(state->index_type, Py_tp_alloc);
    index_object *object = (index_object *)allocate(state->index_type, 0);
    if (object == NULL) {
        ndup_index_close(index);
        return NULL;
    }
    object->index = index;
    object->process = getpid();
    pthread_mutex_init(&object->lock, NULL);
    return (PyObject *)object;
}

static PyObject *wrap_opened(const module_state *state, ndup_status status, ndup_index *index,
                             const ndup_error *error)
{
    if (status == NDUP_STATUS_OK) {
        return wrap(state, index);
    }
    errors_raise(state, error);
    return NULL;
}

PyObject *index_open(PyObject *module, PyObject *arguments)
{
    static const option table[] = {{.name = "read_only",
                                    .kind = OPTION_FLAG,
                                    .offset = offsetof(ndup_index_open_options, read_only)},
                                   {.name = "sync",
                                    .kind = OPTION_CHOICE,
                                    .offset = offsetof(ndup_index_open_options, sync),
                                    .choice = sync_name},
                                   {.name = "lock_timeout",
                                    .kind = OPTION_NUMBER,
                                    .offset = offsetof(ndup_index_open_options, lock_timeout)},
                                   {.name = NULL}};
    PyObject *values;
    const char *path;
    ndup_index *index;
    ndup_index_open_options options = {.struct_size = sizeof options};
    ndup_error error = {0};
    ndup_status status;
    if (!PyArg_ParseTuple(arguments, "yO!:index_open", &path, &PyDict_Type, &values) ||
        !options_read(&options, NULL, table, values)) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    status = ndup_index_open(&index, path, &options, &hooks, &error);
    Py_END_ALLOW_THREADS
    return wrap_opened(PyModule_GetState(module), status, index, &error);
}

PyObject *index_open_temporary(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    const char *folder;
    PyObject *values, *object = NULL;
    ndup_index *index;
    ndup_index_options options;
    option_lists lists = {.count = 0};
    ndup_error error = {0};
    ndup_status status;
    if (!PyArg_ParseTuple(arguments, "zO!:index_open_temporary", &folder, &PyDict_Type, &values)) {
        return NULL;
    }
    if (index_read_options(&options, &lists, state, values)) {
        Py_BEGIN_ALLOW_THREADS
        status = ndup_index_open_temporary(&index, folder, &options, &hooks, &error);
        Py_END_ALLOW_THREADS
        object = wrap_opened(state, status, index, &error);
    }
    options_free(&lists);
    return object;
}
