/* SPDX-License-Identifier: MIT */
/* Outputs of a result, by the specifications of the command line. */
#include "errors.h"
#include "py_options.h"
#include "py_result.h"
#include "py_run.h"

typedef struct writing {
    const result_object *self;
    ndup_sink **sinks;
    size_t count;
    ndup_output_options options;
    const char *const *specifications;
    size_t specification_count;
} writing;

static ndup_status write_them(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    writing *work = context;
    ndup_status status = NDUP_STATUS_OK;
    while (work->count < work->specification_count && status == NDUP_STATUS_OK) {
        status = ndup_output_open(&work->sinks[work->count], work->specifications[work->count],
                                  &work->options, error);
        work->count += status == NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_result_write(work->self->result, work->self->corpus->corpus, work->sinks,
                                   work->count, hooks, error);
    }
    for (size_t i = 0; i < work->count; i++) {
        ndup_output_close(work->sinks[i]);
    }
    return status;
}

static const option output_table[] = {
    {.name = "force", .kind = OPTION_FLAG, .offset = offsetof(writing, options.overwrite)},
    {.name = "csv_raw", .kind = OPTION_FLAG, .offset = offsetof(writing, options.csv_raw)},
    {.name = "outputs",
     .kind = OPTION_TEXTS,
     .offset = offsetof(writing, specifications),
     .count_offset = offsetof(writing, specification_count)},
    {.name = NULL}};

/* write(options, talk). */
PyObject *result_write(PyObject *object, PyObject *arguments)
{
    result_object *self = (result_object *)object;
    PyObject *values, *talk;
    option_lists lists = {.count = 0};
    writing work = {.self = self, .options = {.struct_size = sizeof work.options}};
    bool is_done = false;
    if (!PyArg_ParseTuple(arguments, "O!O:write", &PyDict_Type, &values, &talk)) {
        return NULL;
    }
    work.options.input_count = ndup_result_inputs(self->result, &work.options.inputs);
    if (options_read(&work, &lists, output_table, values) &&
        (work.sinks = options_list(&lists, work.specification_count, sizeof *work.sinks)) != NULL &&
        corpus_begin(self->corpus)) {
        is_done = run(state_of_object(object), talk, write_them, &work);
        corpus_end(self->corpus);
    }
    options_free(&lists);
    return is_done ? Py_NewRef(Py_None) : NULL;
}
