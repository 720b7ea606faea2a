/* SPDX-License-Identifier: MIT */
/* One run gives the repeats, or writes them. */
#include "py_flag.h"

#include "py_corpus.h"
#include "errors.h"
#include "flag_collect.h"
#include "lists.h"
#include "py_options.h"
#include "py_run.h"

typedef struct flagging {
    ndup_corpus *corpus;
    ndup_flag_options options;
    ndup_output_options outputs;
    const char *const *specifications;
    size_t specification_count;
    ndup_flag_sink **sinks;
    size_t sink_count;
    size_t opened;
    ndup_flag_summary summary;
} flagging;

#define AT(member) .offset = offsetof(flagging, member)

static const option flag_table[] = {
    {.name = "threshold", .kind = OPTION_NUMBER, AT(options.threshold)},
    {.name = "refrains", .kind = OPTION_FLAG, AT(options.refrains)},
    {.name = "site", .kind = OPTION_FLAG, AT(options.site)},
    {.name = "site_share", .kind = OPTION_NUMBER, AT(options.site_share)},
    {.name = "site_pages", .kind = OPTION_COUNT, AT(options.site_pages)},
    {.name = "site_memory", .kind = OPTION_COUNT, AT(options.site_memory)},
    {.name = "threads", .kind = OPTION_UNSIGNED, AT(options.threads)},
    {.name = "force", .kind = OPTION_FLAG, AT(outputs.overwrite)},
    {.name = "outputs",
     .kind = OPTION_TEXTS,
     AT(specifications),
     .count_offset = offsetof(flagging, specification_count)},
    {.name = NULL}};

static ndup_status find_them(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    flagging *work = context;
    ndup_status status = NDUP_STATUS_OK;
    while (work->opened < work->specification_count && status == NDUP_STATUS_OK) {
        status = ndup_flag_output_open(&work->sinks[work->opened],
                                       work->specifications[work->opened], &work->outputs, error);
        work->opened += status == NDUP_STATUS_OK;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_flag(&work->summary, work->corpus, &work->options, work->sinks,
                           work->sink_count, hooks, error);
    }
    for (size_t i = 0; i < work->opened; i++) {
        ndup_flag_output_close(work->sinks[i]);
    }
    return status;
}

static PyObject *make_repeat(const kept_repeat *kept)
{
    const ndup_repeat *repeat = &kept->repeat;
    bool has_first = !repeat->in_title && repeat->first != NDUP_NONE;
    PyObject *first_start = has_first ? PyLong_FromSize_t(kept->first_start) : Py_NewRef(Py_None);
    PyObject *first_end = has_first ? PyLong_FromSize_t(kept->first_end) : Py_NewRef(Py_None);
    PyObject *block =
        repeat->block != NDUP_NONE ? PyLong_FromSize_t(repeat->block) : Py_NewRef(Py_None);
    return Py_BuildValue("sssnnNNOddNnKK", ndup_repeat_kind_name(repeat->kind),
                         ndup_refrain_name(repeat->refrain), ndup_unit_kind_name(repeat->role),
                         (Py_ssize_t)kept->start, (Py_ssize_t)kept->end, first_start, first_end,
                         repeat->in_title ? Py_True : Py_False, repeat->similarity,
                         repeat->containment, block, (Py_ssize_t)repeat->block_units,
                         (unsigned long long)repeat->pages, (unsigned long long)repeat->host_pages);
}

static PyObject *make_document(const flag_collector *found, const kept_document *document)
{
    PyObject *repeats = PyList_New(0);
    for (size_t i = 0; repeats != NULL && i < document->repeat_count; i++) {
        if (!list_add(repeats, make_repeat(&found->repeats[document->first_repeat + i]))) {
            Py_CLEAR(repeats);
        }
    }
    if (repeats == NULL) {
        return NULL;
    }
    return Py_BuildValue("KNdN", (unsigned long long)document->number,
                         text_object((ndup_text){document->id, document->id_length}),
                         document->share, repeats);
}

static PyObject *list_documents(const flag_collector *found)
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < found->document_count; i++) {
        if (!list_add(list, make_document(found, &found->documents[i]))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *count(const ndup_flag_summary *summary)
{
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {{"documents", summary->documents},
                  {"text_bytes", summary->text_bytes},
                  {"skipped", summary->skipped},
                  {"unreadable", summary->unreadable},
                  {"units", summary->units},
                  {"flagged", summary->flagged},
                  {"doubled_headlines", summary->doubled_headlines},
                  {"doubled_captions", summary->doubled_captions},
                  {"doubled_blocks", summary->doubled_blocks},
                  {"repeats", summary->repeats},
                  {"exact", summary->exact},
                  {"normalized", summary->normalized},
                  {"near", summary->near},
                  {"contained", summary->contained},
                  {"site", summary->site},
                  {"refrains", summary->refrains},
                  {"repeated_bytes", summary->repeated_bytes},
                  {"hosts_judged", summary->hosts_judged}};
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict != NULL && i < sizeof counts / sizeof *counts; i++) {
        if (!dict_set(dict, counts[i].name, PyLong_FromUnsignedLongLong(counts[i].count))) {
            Py_CLEAR(dict);
        }
    }
    if (dict != NULL && !dict_set(dict, "seconds", PyFloat_FromDouble(summary->seconds))) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *give(const flagging *work, const flag_collector *found)
{
    PyObject *counts = count(&work->summary);
    PyObject *documents = counts != NULL ? list_documents(found) : NULL;
    if (documents == NULL) {
        Py_XDECREF(counts);
        return NULL;
    }
    return Py_BuildValue("NN", counts, documents);
}

/* The sinks of the outputs, or else the one that collects. */
static bool choose_sinks(flagging *work, option_lists *lists, flag_collector *collector)
{
    bool collects = work->specification_count == 0;
    work->sink_count = collects ? 1 : work->specification_count;
    work->sinks = options_list(lists, work->sink_count, sizeof *work->sinks);
    if (work->sinks != NULL && collects) {
        work->sinks[0] = &collector->sink;
    }
    return work->sinks != NULL;
}

PyObject *flag_find(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *given = NULL;
    corpus_object *corpus;
    option_lists lists = {.count = 0};
    flag_collector collector;
    flagging work = {.outputs = {.struct_size = sizeof work.outputs}};
    if (!PyArg_ParseTuple(arguments, "O!O!O:flag", state->corpus_type, &corpus, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    ndup_flag_options_init(&work.options);
    flag_collector_init(&collector);
    work.corpus = corpus->corpus;
    if (options_read(&work, &lists, flag_table, values) &&
        choose_sinks(&work, &lists, &collector) && corpus_begin(corpus)) {
        given = run(state, talk, find_them, &work) ? give(&work, &collector) : NULL;
        corpus_end(corpus);
    }
    flag_collector_deinit(&collector);
    options_free(&lists);
    return given;
}

PyObject *flag_clean(PyObject *module, PyObject *arguments)
{
    PyObject *text, *cleaned = NULL;
    ndup_flag_options options;
    ndup_text_cleaner *cleaner = NULL;
    ndup_text bytes, without;
    ndup_error error = {0};
    ndup_status status;
    ndup_flag_options_init(&options);
    if (!PyArg_ParseTuple(arguments, "Ud:clean", &text, &options.threshold)) {
        return NULL;
    }
    PyObject *encoded = text_bytes(&bytes, text);
    if (encoded == NULL) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    status = ndup_text_cleaner_new(&cleaner, &options, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_clean(&without, cleaner, bytes, &error);
    }
    Py_END_ALLOW_THREADS
    if (status == NDUP_STATUS_OK) {
        cleaned = text_object(without);
    } else {
        errors_raise(PyModule_GetState(module), &error);
    }
    ndup_text_cleaner_free(cleaner);
    Py_DECREF(encoded);
    return cleaned;
}

PyObject *flag_list_outputs(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_output_info *output;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (output = ndup_flag_output_get(i)) != NULL; i++) {
        if (!list_add(list, Py_BuildValue("ss", output->name, output->summary))) {
            Py_CLEAR(list);
        }
    }
    return list;
}
