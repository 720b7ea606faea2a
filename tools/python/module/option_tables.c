/* SPDX-License-Identifier: MIT */
/* Which members are asked for by which names. Those of the command line that stand for several
 * members are taken apart in _options.py. */
#include "errors.h"
#include "py_options.h"

/* The library calls what it does not know "unknown", or returns NULL. */
static const char *tokens_name(unsigned value)
{
    return value <= NDUP_TOKEN_POSTS ? ndup_token_mode_name((ndup_token_mode)value) : NULL;
}

static const char *cluster_name(unsigned value)
{
    static const char *const names[] = {"leader", "components"};
    return value < sizeof names / sizeof *names ? names[value] : NULL;
}

static const char *templates_name(unsigned value)
{
    return value <= NDUP_TEMPLATES_FOLD ? ndup_templates_name((ndup_templates)value) : NULL;
}

static const char *rule_name(unsigned value)
{
    return value <= NDUP_RULE_EITHER ? ndup_rule_name((ndup_rule)value) : NULL;
}

#define AT(member) .offset = offsetof(ndup_dedup_options, member)

static const option dedup_table[] = {
    {.name = "threshold", .kind = OPTION_NUMBER, AT(matching.threshold)},
    {.name = "shingle_size", .kind = OPTION_UNSIGNED, AT(matching.shingle_size)},
    {.name = "tokens", .kind = OPTION_CHOICE, AT(matching.tokens), .choice = tokens_name},
    {.name = "number_agreement", .kind = OPTION_NUMBER, AT(matching.number_agreement)},
    {.name = "sketch", .kind = OPTION_TEXT, AT(sketch)},
    {.name = "slots", .kind = OPTION_UNSIGNED, AT(slots)},
    {.name = "recall", .kind = OPTION_NUMBER, AT(recall)},
    {.name = "seed", .kind = OPTION_COUNT, AT(seed)},
    {.name = "exact", .kind = OPTION_FLAG, AT(exact)},
    {.name = "keep", .kind = OPTION_TEXT, AT(keep)},
    {.name = "never_drop",
     .kind = OPTION_TEXTS,
     AT(never_drop),
     .count_offset = offsetof(ndup_dedup_options, never_drop_count)},
    {.name = "drop_all", .kind = OPTION_FLAG, AT(drop_all)},
    {.name = "cluster", .kind = OPTION_CHOICE, AT(cluster), .choice = cluster_name},
    {.name = "pairs", .kind = OPTION_FLAG, AT(pairs)},
    {.name = "titles", .kind = OPTION_FLAG, AT(titles)},
    {.name = "spans", .kind = OPTION_FLAG, AT(spans)},
    {.name = "audit", .kind = OPTION_COUNT, AT(audit)},
    {.name = "threads", .kind = OPTION_UNSIGNED, AT(threads)},
    {.name = "memory", .kind = OPTION_COUNT, AT(memory)},
    {.name = "allow_empty_guard", .kind = OPTION_FLAG, AT(allow_empty_guard)},
    {.name = "templates", .kind = OPTION_CHOICE, AT(templates), .choice = templates_name},
    {.name = "rule", .kind = OPTION_CHOICE, AT(rule), .choice = rule_name},
    {.name = "containment", .kind = OPTION_NUMBER, AT(containment)},
    {.name = NULL}};
#undef AT

#define AT(member) .offset = offsetof(ndup_corpus_options, member)
#define LIST(member) \
    .kind = OPTION_TEXTS, AT(member), .count_offset = offsetof(ndup_corpus_options, member##_count)

static const option corpus_table[] = {
    {.name = "text", .kind = OPTION_TEXT, AT(text_field)},
    {.name = "html", .kind = OPTION_TEXT, AT(html_field)},
    {.name = "id", .kind = OPTION_TEXT, AT(id_field)},
    {.name = "source", .kind = OPTION_TEXT, AT(source_field)},
    {.name = "url", .kind = OPTION_TEXT, AT(url_field)},
    {.name = "date", .kind = OPTION_TEXT, AT(date_field)},
    {.name = "title", .kind = OPTION_TEXT, AT(title_field)},
    {.name = "format", .kind = OPTION_TEXT, AT(format)},
    {.name = "include", LIST(include)},
    {.name = "exclude", LIST(exclude)},
    {.name = "hidden", .kind = OPTION_FLAG, AT(hidden)},
    {.name = "gitignore", .kind = OPTION_FLAG, AT(gitignore)},
    {.name = "encoding", .kind = OPTION_TEXT, AT(encoding)},
    {.name = "max_record", .kind = OPTION_COUNT, AT(max_record_bytes)},
    {.name = "temp_dir", .kind = OPTION_TEXT, AT(temporary_folder)},
    {.name = "max_temp", .kind = OPTION_COUNT, AT(max_temporary_bytes)},
    {.name = "zstd_long", .kind = OPTION_FLAG, AT(zstd_long)},
    {.name = NULL}};

static const option preset_table[] = {{.name = "preset", .kind = OPTION_TEXT}, {.name = NULL}};

/* A list of pairs: the share, and a glob or None. */
static bool read_max_loss(ndup_dedup_options *options, option_lists *lists, PyObject *values)
{
    PyObject *pairs = options_get(values, "max_loss");
    if (pairs == NULL) {
        return true;
    }
    size_t count = (size_t)PyList_Size(pairs);
    ndup_max_loss *limits = options_list(lists, count, sizeof *limits);
    for (size_t i = 0; limits != NULL && i < count; i++) {
        PyObject *pair = PySequence_GetItem(pairs, (Py_ssize_t)i);
        bool is_read =
            pair != NULL && PyArg_ParseTuple(pair, "dz", &limits[i].share, &limits[i].source);
        Py_XDECREF(pair); /* the list has it, too */
        if (!is_read) {
            return false;
        }
    }
    options->max_loss = limits;
    options->max_loss_count = count;
    return limits != NULL;
}

bool options_read_dedup(ndup_dedup_options *options, option_lists *lists, const module_state *state,
                        PyObject *values)
{
    const char *preset = NULL;
    ndup_error error;
    if (!options_read(&preset, lists, preset_table, values)) {
        return false;
    }
    if (ndup_dedup_options_init(options, preset, &error) != NDUP_STATUS_OK) {
        errors_raise(state, &error);
        return false;
    }
    return options_read(options, lists, dedup_table, values) &&
           read_max_loss(options, lists, values);
}

bool options_read_corpus(ndup_corpus_options *options, option_lists *lists, PyObject *values)
{
    const char *name = NULL;
    *options = (ndup_corpus_options)NDUP_CORPUS_OPTIONS_INIT;
    if (!options_read(options, lists, corpus_table, values) ||
        !options_read(&name, lists, preset_table, values)) {
        return false;
    }
    const ndup_preset *preset = name != NULL ? ndup_preset_find(name) : NULL;
    if (preset != NULL && options->include_count == 0) {
        options->include = preset->include;
        options->include_count = preset->include_count;
    }
    return true;
}
