/* SPDX-License-Identifier: MIT */
/* A sink of our own beside those that were asked for. */
#include "group_rows.h"

#include "py_corpus.h"
#include "errors.h"
#include "lists.h"
#include "py_options.h"
#include "rows_object.h"
#include "py_run.h"

static const rows_column document_columns[] = {
    {"document", CELL_COUNT},    {"id", CELL_TEXT},
    {"story", CELL_COUNT},       {"copy_group", CELL_COUNT},
    {"role", CELL_TEXT},         {"of", CELL_COUNT},
    {"of_id", CELL_TEXT},        {"share", CELL_SHARE},
    {"of_share", CELL_SHARE},    {"similarity", CELL_SHARE},
    {"source", CELL_TEXT},       {"title", CELL_TEXT},
    {"date", CELL_TEXT},         {"tokens", CELL_COUNT},
    {"story_score", CELL_SHARE}, {.name = NULL}};
static const rows_column story_columns[] = {{"story", CELL_COUNT},       {"documents", CELL_COUNT},
                                            {"copy_groups", CELL_COUNT}, {"sources", CELL_COUNT},
                                            {"first_date", CELL_TEXT},   {"last_date", CELL_TEXT},
                                            {"headline", CELL_TEXT},     {.name = NULL}};
static const rows_column member_columns[] = {
    {"story", CELL_COUNT}, {"document", CELL_COUNT}, {.name = NULL}};
static const rows_column term_columns[] = {
    {"story", CELL_COUNT}, {"term", CELL_TEXT}, {"weight", CELL_SHARE}, {.name = NULL}};

typedef struct grouping {
    ndup_corpus *corpus;
    ndup_group_options options;
    ndup_output_options writing;
    const char *const *outputs;
    size_t output_count;
    bool only_write;
    ndup_group_sink **sinks; /* [output_count + 1] */
    size_t opened;
    ndup_group_summary summary;
    rows *documents, *stories, *members, *terms;
} grouping;

static ndup_status take_document(void *context, const ndup_grouping *from,
                                 const ndup_document *document, ndup_error *error)
{
    (void)document;
    rows *to = ((grouping *)context)->documents;
    rows_add_count(to, from->document);
    rows_add_text(to, from->id);
    rows_add_count(to, from->story);
    rows_add_count(to, from->copy_group);
    rows_add_name(to, ndup_role_name(from->role));
    rows_add_count(to, from->of);
    rows_add_text(to, from->of_id);
    rows_add_share(to, from->share);
    rows_add_share(to, from->of_share);
    rows_add_share(to, from->similarity);
    rows_add_optional(to, from->source);
    rows_add_optional(to, from->title);
    rows_add_optional(to, from->date);
    rows_add_count(to, from->tokens);
    rows_add_share(to, from->story_score);
    return rows_end(to, error);
}

static ndup_status take_members(grouping *self, const ndup_story *story, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < story->count && status == NDUP_STATUS_OK; i++) {
        rows_add_count(self->members, story->number);
        rows_add_count(self->members, story->documents[i].document);
        status = rows_end(self->members, error);
    }
    for (size_t i = 0; i < story->term_count && status == NDUP_STATUS_OK; i++) {
        rows_add_count(self->terms, story->number);
        rows_add_text(self->terms, story->terms[i].term);
        rows_add_share(self->terms, story->terms[i].weight);
        status = rows_end(self->terms, error);
    }
    return status;
}

static ndup_status take_story(void *context, const ndup_story *story, ndup_error *error)
{
    grouping *self = context;
    rows *to = self->stories;
    rows_add_count(to, story->number);
    rows_add_count(to, story->count);
    rows_add_count(to, story->copy_groups);
    rows_add_count(to, story->sources);
    rows_add_optional(to, story->first_date);
    rows_add_optional(to, story->last_date);
    rows_add_text(to, story->headline);
    ndup_status status = rows_end(to, error);
    return status == NDUP_STATUS_OK ? take_members(self, story, error) : status;
}

static ndup_status open_outputs(grouping *self, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (self->opened < self->output_count && status == NDUP_STATUS_OK) {
        status = ndup_group_output_open(&self->sinks[self->opened], self->outputs[self->opened],
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

static ndup_status do_group(void *context, const ndup_hooks *hooks, ndup_error *error)
{
    grouping *self = context;
    ndup_group_sink own = {.struct_size = sizeof own,
                           .context = self,
                           .document = take_document,
                           .story = take_story,
                           .commit = commit,
                           .abort = forget};
    ndup_status status = open_outputs(self, error);
    size_t count = self->opened;
    if (!self->only_write) {
        self->sinks[count++] = &own;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_group(&self->summary, self->corpus, &self->options, self->sinks, count, hooks,
                            error);
    }
    for (size_t i = 0; i < self->opened; i++) {
        ndup_group_output_close(self->sinks[i]);
    }
    return status;
}

#define AT(member) .offset = offsetof(grouping, member)
static const option table[] = {
    {.name = "share", .kind = OPTION_NUMBER, AT(options.share)},
    {.name = "within_days", .kind = OPTION_NUMBER, AT(options.within_days)},
    {.name = "bar", .kind = OPTION_NUMBER, AT(options.bar)},
    {.name = "seed", .kind = OPTION_COUNT, AT(options.seed)},
    {.name = "threads", .kind = OPTION_UNSIGNED, AT(options.threads)},
    {.name = "force", .kind = OPTION_FLAG, AT(writing.overwrite)},
    {.name = "csv_raw", .kind = OPTION_FLAG, AT(writing.csv_raw)},
    {.name = "only_write", .kind = OPTION_FLAG, AT(only_write)},
    {.name = "outputs",
     .kind = OPTION_TEXTS,
     AT(outputs),
     .count_offset = offsetof(grouping, output_count)},
    {.name = NULL}};
#undef AT

static bool begin(grouping *self, option_lists *lists, PyObject *values)
{
    ndup_group_options_init(&self->options);
    self->writing.struct_size = sizeof self->writing;
    if (!options_read(self, lists, table, values)) {
        return false;
    }
    self->sinks = options_list(lists, self->output_count + 1, sizeof *self->sinks);
    self->documents = rows_new(document_columns);
    self->stories = rows_new(story_columns);
    self->members = rows_new(member_columns);
    self->terms = rows_new(term_columns);
    if (self->documents == NULL || self->stories == NULL || self->members == NULL ||
        self->terms == NULL) {
        PyErr_NoMemory();
    }
    return PyErr_Occurred() == NULL;
}

static PyObject *make_summary(const ndup_group_summary *from)
{
    double seconds = 0;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        seconds += from->seconds[i];
    }
    return Py_BuildValue("(KKKKKKKKKKKdd)", (unsigned long long)from->documents,
                         (unsigned long long)from->text_bytes, (unsigned long long)from->skipped,
                         (unsigned long long)from->unreadable, (unsigned long long)from->undated,
                         (unsigned long long)from->odd_dates, (unsigned long long)from->copy_groups,
                         (unsigned long long)from->copies, (unsigned long long)from->stories,
                         (unsigned long long)from->in_stories,
                         (unsigned long long)from->largest_story, from->within_days, seconds);
}

static PyObject *wrap_kept(const module_state *state, rows *kept)
{
    rows_keep(kept);
    return rows_wrap(state, kept);
}

static PyObject *make_answer(const module_state *state, const grouping *self)
{
    return Py_BuildValue("{sNsNsNsNsN}", "summary", make_summary(&self->summary), "documents",
                         wrap_kept(state, self->documents), "stories",
                         wrap_kept(state, self->stories), "members",
                         wrap_kept(state, self->members), "terms", wrap_kept(state, self->terms));
}

PyObject *group_call(PyObject *module, PyObject *arguments)
{
    const module_state *state = PyModule_GetState(module);
    PyObject *values, *talk, *answer = NULL;
    corpus_object *corpus;
    option_lists lists = {.count = 0};
    grouping self = {.corpus = NULL};
    if (!PyArg_ParseTuple(arguments, "O!O!O:group", state->corpus_type, &corpus, &PyDict_Type,
                          &values, &talk)) {
        return NULL;
    }
    if (begin(&self, &lists, values) && corpus_begin(corpus)) {
        self.corpus = corpus->corpus;
        answer = run(state, talk, do_group, &self) ? make_answer(state, &self) : NULL;
        corpus_end(corpus);
    }
    rows_give(self.documents);
    rows_give(self.stories);
    rows_give(self.members);
    rows_give(self.terms);
    options_free(&lists);
    return answer;
}

PyObject *group_outputs(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_output_info *output;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (output = ndup_group_output_get(i)) != NULL; i++) {
        if (!list_add(list, Py_BuildValue("ss", output->name, output->summary))) {
            Py_CLEAR(list);
        }
    }
    return list;
}
