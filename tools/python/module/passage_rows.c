/* SPDX-License-Identifier: MIT */
/* A sink of our own beside those that were asked for. */
#include "passage_rows.h"

#include "py_corpus.h"
#include "errors.h"
#include "lists.h"
#include "py_options.h"
#include "rows_object.h"
#include "py_run.h"

#define PLACE(prefix)                                                                            \
    {prefix "document", CELL_COUNT}, {prefix "id", CELL_TEXT}, {prefix "source", CELL_TEXT},     \
        {prefix "date", CELL_TEXT}, {prefix "offset", CELL_COUNT}, {prefix "bytes", CELL_COUNT}, \
        {prefix "first_token", CELL_COUNT}, {prefix "tokens", CELL_COUNT},                       \
    {                                                                                            \
        prefix "document_tokens", CELL_COUNT                                                     \
    }

static const rows_column pair_columns[] = {PLACE("a_"),
                                           PLACE("b_"),
                                           {"matched", CELL_COUNT},
                                           {"similarity", CELL_SHARE},
                                           {"direction", CELL_TEXT},
                                           {"family", CELL_COUNT},
                                           {.name = NULL}};
static const rows_column family_columns[] = {{"family", CELL_COUNT},    {"places", CELL_COUNT},
                                             {"documents", CELL_COUNT}, {"passages", CELL_COUNT},
                                             {"text", CELL_TEXT},       {.name = NULL}};
static const rows_column place_columns[] = {{"family", CELL_COUNT}, PLACE(""), {.name = NULL}};

typedef struct reusing {
    ndup_corpus *corpus;
    ndup_passage_options options;
    ndup_output_options writing;
    const char *const *outputs;
    size_t output_count;
    bool only_write;
    ndup_passage_sink **sinks; /* [output_count + 1] */
    size_t opened;
    ndup_passage_summary summary;
    rows *pairs, *families, *places;
} reusing;

static void add_place(rows *to, const ndup_passage_place *place)
{
    rows_add_count(to, place->document);
    rows_add_text(to, place->id);
    rows_add_optional(to, place->source);
    rows_add_optional(to, place->date);
    rows_add_count(to, place->offset);
    rows_add_count(to, place->length);
    rows_add_count(to, place->first_token);
    rows_add_count(to, place->tokens);
    rows_add_count(to, place->document_tokens);
}

static ndup_status take_passage(void *context, const ndup_passage *from, ndup_error *error)
{
    rows *to = ((reusing *)context)->pairs;
    add_place(to, &from->a);
    add_place(to, &from->b);
    rows_add_count(to, from->matched);
    rows_add_share(to, from->similarity);
    rows_add_name(to, ndup_direction_name(from->direction));
    rows_add_count(to, from->family);
    return rows_end(to, error);
}

static ndup_status take_family(void *context, const ndup_passage_family *from, ndup_error *error)
{
    reusing *self = context;
    rows_add_count(self->families, from->number);
    rows_add_count(self->families, from->count);
    rows_add_count(self->families, from->documents);
    rows_add_count(self->families, from->passages);
    rows_add_text(self->families, from->text);
    ndup_status status = rows_end(self->families, error);
    for (size_t i = 0; i < from->count && status == NDUP_STATUS_OK; i++) {
        rows_add_count(self->places, from->number);
        add_place(self->places, &from->places[i]);
        status = rows_end(self->places, error);
    }
    return status;
}

static ndup_status open_outputs(reusing *self, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (self->opened < self->output_count && status == NDUP_STATUS_OK) {
        status = ndup_passage_output_open(&self->sinks[self->opened], self->outputs[self->opened],
                                          &self->writing, error);
        self->opened += status == NDUP_STATUS_OK;
    }
    return status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void forget(void *context)
{
    (void)context; /* the rows are given back with the run */
}

static ndup_status do_passages(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    reusing *self = context;
    ndup_passage_sink own = {.struct_size = sizeof own,
                             .context = self,
                             .passage = take_passage,
                             .family = take_family,
                             .commit = commit,
                             .abort = forget};
    ndup_status status = open_outputs(self, error);
    size_t count = self->opened;
    if (!self->only_write) {
        self->sinks[count++] = &own;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_passages(&self->summary, self->corpus, &self->options, self->sinks, count,
                               hooks, error);
    }
    for (size_t i = 0; i < self->opened; i++) {
        ndup_passage_output_close(self->sinks[i]);
    }
    return status;
}

#define AT(member) .offset = offsetof(reusing, member)
static const option table[] = {
    {.name = "min_tokens", .kind = OPTION_UNSIGNED, AT(options.min_words)},
    {.name = "max_documents", .kind = OPTION_COUNT, AT(options.max_documents)},
    {.name = "min_documents", .kind = OPTION_COUNT, AT(options.min_documents)},
    {.name = "series", .kind = OPTION_TEXT, AT(options.series)},
    {.name = "memory", .kind = OPTION_COUNT, AT(options.memory)},
    {.name = "seed", .kind = OPTION_COUNT, AT(options.seed)},
    {.name = "threads", .kind = OPTION_UNSIGNED, AT(options.threads)},
    {.name = "force", .kind = OPTION_FLAG, AT(writing.overwrite)},
    {.name = "csv_raw", .kind = OPTION_FLAG, AT(writing.csv_raw)},
    {.name = "only_write", .kind = OPTION_FLAG, AT(only_write)},
    {.name = "outputs",
     .kind = OPTION_TEXTS,
     AT(outputs),
     .count_offset = offsetof(reusing, output_count)},
    {.name = NULL}};
#undef AT

static bool begin(reusing *self, option_lists *lists, PyObject *values)
{
    ndup_passage_options_init(&self->options);
    self->writing.struct_size = sizeof self->writing;
    if (!options_read(self, lists, table, values)) {
        return false;
    }
    self->sinks = options_list(lists, self->output_count + 1, sizeof *self->sinks);
    self->pairs = rows_new(pair_columns);
    self->families = rows_new(family_columns);
    self->places = rows_new(place_columns);
    if (self->pairs == NULL || self->families == NULL || self->places == NULL) {
        PyErr_NoMemory();
    }
    return PyErr_Occurred() == NULL;
}

static PyObject *make_summary(const ndup_passage_summary *from)
{
    double seconds = 0;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        seconds += from->seconds[i];
    }
    return Py_BuildValue("(KKKKKKKKKKKKd)", (unsigned long long)from->documents,
                         (unsigned long long)from->against_documents,
                         (unsigned long long)from->text_bytes, (unsigned long long)from->skipped,
                         (unsigned long long)from->unreadable, (unsigned long long)from->tokens,
                         (unsigned long long)from->common, (unsigned long long)from->pairs,
                         (unsigned long long)from->passages, (unsigned long long)from->families,
                         (unsigned long long)from->documents_with,
                         (unsigned long long)from->undated, seconds);
}

static PyObject *wrap_kept(const module_state *state, rows *kept)
{
    rows_keep(kept);
    return rows_wrap(state, kept);
}

static PyObject *run_it(const module_state *state, reusing *self, PyObject *talk)
{
    if (!run(state, talk, do_passages, self)) {
        return NULL;
    }
    return Py_BuildValue("{sNsNsNsN}", "summary", make_summary(&self->summary), "pairs",
                         wrap_kept(state, self->pairs), "families",
                         wrap_kept(state, self->families), "places",
                         wrap_kept(state, self->places));
}

/* Takes both corpora for the run. */
static PyObject *run_on(const module_state *state, reusing *self, corpus_object *corpus,
                        corpus_object *against, PyObject *talk)
{
    PyObject *answer = NULL;
    if (!corpus_begin(corpus)) {
        return NULL;
    }
    self->corpus = corpus->corpus;
    if (against == NULL) {
        answer = run_it(state, self, talk);
    } else if (corpus_begin(against)) {
        self->options.against = against->corpus;
        answer = run_it(state, self, talk);
        corpus_end(against);
    }
    corpus_end(corpus);
    return answer;
}

PyObject *passages_call(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *other, *answer = NULL;
    corpus_object *corpus;
    option_lists lists = {.count = 0};
    reusing self = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "O!OO!O:passages", state->corpus_type, &corpus, &other,
                          &PyDict_Type, &values, &talk)) {
        return NULL;
    }
    corpus_object *against = other != Py_None ? (corpus_object *)other : NULL;
    if (against != NULL && Py_TYPE(other) != state->corpus_type) {
        PyErr_SetString(PyExc_TypeError, "against must be a corpus or None");
    } else if (begin(&self, &lists, values)) {
        answer = run_on(state, &self, corpus, against, talk);
    }
    rows_give(self.pairs);
    rows_give(self.families);
    rows_give(self.places);
    options_free(&lists);
    return answer;
}

PyObject *passage_outputs(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_output_info *output;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (output = ndup_passage_output_get(i)) != NULL; i++) {
        if (!list_add(list, Py_BuildValue("ss", output->name, output->summary))) {
            Py_CLEAR(list);
        }
    }
    return list;
}
