/* SPDX-License-Identifier: MIT */
/* The header line of a plan: what it was made from, and how. */
#include "plan/plan_header.h"

#include <string.h>

#include "base/error.h"
#include "plan/plan_files.h"
#include "plan/plan_search.h"
#include "plan/plan_value.h"
#include "sketch/kind.h"
#include "text/shingle.h"

#define SHOWN_BYTES 60

enum {
    HEADER_TYPE,
    HEADER_SCHEMA_VERSION,
    HEADER_MAX_RECORD_BYTES,
    HEADER_TEXT,
    HEADER_ID,
    HEADER_SOURCE,
    HEADER_URL,
    HEADER_DATE,
    HEADER_TITLE,
    HEADER_HTML,
    HEADER_ENCODING,
    HEADER_PRESET,
    HEADER_THRESHOLD,
    HEADER_SHINGLE_SIZE,
    HEADER_TOKENS,
    HEADER_NUMBER_AGREEMENT,
    HEADER_SKETCH,
    HEADER_SLOTS,
    HEADER_BANDS,
    HEADER_ROWS,
    HEADER_RECALL,
    HEADER_SEED,
    HEADER_EXACT,
    HEADER_KEEP,
    HEADER_NEVER_DROP,
    HEADER_CLUSTER,
    HEADER_DROP_ALL,
    HEADER_TEMPLATES,
    HEADER_RULE,
    HEADER_CONTAINMENT,
    HEADER_DOCUMENTS,
    HEADER_COUNT
};

static const char *const header_paths[HEADER_COUNT] = {
    "type",
    "schema_version",
    "max_record_bytes",
    "fields.text",
    "fields.id",
    "fields.source",
    "fields.url",
    "fields.date",
    "fields.title",
    "fields.html",
    "fields.encoding",
    "options.preset",
    "options.threshold",
    "options.shingle_size",
    "options.tokens",
    "options.number_agreement",
    "options.sketch",
    "options.slots",
    "options.bands",
    "options.rows",
    "options.recall",
    "options.seed",
    "options.exact",
    "options.keep",
    "options.never_drop",
    "options.cluster",
    "options.drop_all",
    "options.templates",
    "options.rule",
    "options.containment",
    "documents",
};

static void read_fields(ndup_plan *plan, ndup__plan_line *line)
{
    ndup__arena *strings = &plan->strings;
    plan->fields = (ndup_corpus_options)NDUP_CORPUS_OPTIONS_INIT;
    plan->fields.max_record_bytes =
        ndup__plan_count(line, HEADER_MAX_RECORD_BYTES, 0, NDUP__RECORD_BYTES_MOST);
    plan->fields.text_field = ndup__plan_optional(line, HEADER_TEXT, strings);
    plan->fields.id_field = ndup__plan_optional(line, HEADER_ID, strings);
    plan->fields.source_field = ndup__plan_optional(line, HEADER_SOURCE, strings);
    plan->fields.url_field = ndup__plan_optional(line, HEADER_URL, strings);
    plan->fields.date_field = ndup__plan_optional(line, HEADER_DATE, strings);
    plan->fields.title_field = ndup__plan_optional(line, HEADER_TITLE, strings);
    plan->fields.html_field = ndup__plan_optional(line, HEADER_HTML, strings);
    plan->fields.encoding = ndup__plan_optional(line, HEADER_ENCODING, strings);
}

static void read_options(ndup_plan *plan, ndup__plan_line *line)
{
    static const char *const tokens[] = {"words", "characters", "exact", "code", "posts"};
    static const char *const rules[] = {"leader", "components"};
    static const char *const templates[] = {"keep", "drop", "fold"};
    static const char *const duplicates[] = {"jaccard", "contained", "either"};
    ndup__arena *strings = &plan->strings;
    ndup_dedup_options *options = &plan->options;
    options->struct_size = sizeof *options;
    options->preset = ndup__plan_string(NULL, line, HEADER_PRESET, strings);
    options->matching.threshold = ndup__plan_share(line, HEADER_THRESHOLD);
    options->matching.shingle_size =
        ndup__plan_small(line, HEADER_SHINGLE_SIZE, 1, NDUP__SHINGLE_SIZE_MAX);
    options->matching.tokens = (ndup_token_mode)ndup__plan_choice(line, HEADER_TOKENS, tokens, 5);
    options->matching.number_agreement = ndup__plan_share(line, HEADER_NUMBER_AGREEMENT);
    options->sketch = ndup__plan_optional(line, HEADER_SKETCH, strings);
    options->slots = ndup__plan_small(line, HEADER_SLOTS, 0, NDUP__SLOTS_MOST);
    options->recall = ndup__plan_share(line, HEADER_RECALL);
    options->seed = ndup__plan_count(line, HEADER_SEED, 0, UINT64_MAX);
    options->exact = ndup__plan_bool(line, HEADER_EXACT);
    options->keep = ndup__plan_string(NULL, line, HEADER_KEEP, strings);
    options->never_drop =
        ndup__plan_list(&options->never_drop_count, line, HEADER_NEVER_DROP, strings);
    options->cluster = (ndup_cluster_rule)ndup__plan_choice(line, HEADER_CLUSTER, rules, 2);
    options->drop_all = ndup__plan_bool(line, HEADER_DROP_ALL);
    if (line->values[HEADER_TEMPLATES].kind != NDUP__VALUE_ABSENT) { /* in earlier versions */
        options->templates =
            (ndup_templates)ndup__plan_choice(line, HEADER_TEMPLATES, templates, 3);
    }
    if (line->values[HEADER_RULE].kind != NDUP__VALUE_ABSENT) { /* as above */
        options->rule = (ndup_rule)ndup__plan_choice(line, HEADER_RULE, duplicates, 3);
    }
    if (options->rule != NDUP_RULE_JACCARD) {
        options->containment = ndup__plan_share(line, HEADER_CONTAINMENT);
    }
    plan->bands.bands = ndup__plan_small(line, HEADER_BANDS, 0, NDUP__SLOTS_MOST);
    plan->bands.rows = ndup__plan_small(line, HEADER_ROWS, 0, NDUP__SLOTS_MOST);
    plan->bands.slots = options->slots;
    plan->bands.recall = options->recall;
}

/* What the plan's documents were ranked by: apply looks whether it still says the same. */
static ndup_status read_policy(ndup_plan *plan, const ndup__line_reader *lines, ndup_error *error)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup_status status =
        ndup__keep_parse(&plan->policy, plan->options.keep, &plan->strings, &cause);
    plan->needs_keep_hash =
        ndup__keep_reads_record(&plan->policy) || plan->options.never_drop_count > 0;
    if (status == NDUP_STATUS_INVALID) {
        return ndup__line_reader_fail(lines, NDUP_STATUS_CORRUPT, "options.keep: ", cause.message,
                                      error);
    }
    return status == NDUP_STATUS_OK ? status : ndup__fail_as(error, &cause);
}

static bool is_word(const ndup__value *value, const char *word)
{
    return value->kind == NDUP__VALUE_STRING && value->length == strlen(word) &&
           memcmp(value->raw, word, value->length) == 0;
}

static ndup_status read_header_line(uint64_t *documents, ndup_plan *plan, ndup__line_reader *lines,
                                    const ndup__record_scanner *scanner, ndup_error *error)
{
    ndup__plan_line line = {.paths = header_paths, .error = error};
    ndup_text text;
    ndup_status status = ndup__line_reader_next(&text, lines, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (text.bytes == NULL ||
        ndup__record_scan(line.values, scanner, text.bytes, text.length, NULL) != NDUP_STATUS_OK ||
        !is_word(&line.values[HEADER_TYPE], "neardup-plan")) {
        lines->number = 1;
        return ndup__line_reader_fail(lines, NDUP_STATUS_CORRUPT, "not a plan: ", "no header line",
                                      error);
    }
    uint64_t version = ndup__plan_count(&line, HEADER_SCHEMA_VERSION, 0, UINT64_MAX);
    if (line.wrong == NULL && version != NDUP_SCHEMA_VERSION) {
        char shown[SHOWN_BYTES];
        return ndup__fail(error, NDUP_STATUS_VERSION,
                          "%s has schema version %llu, this library reads %d",
                          ndup__shorten_path(shown, sizeof shown, plan->path),
                          (unsigned long long)version, NDUP_SCHEMA_VERSION);
    }
    read_fields(plan, &line);
    read_options(plan, &line);
    *documents = ndup__plan_count(&line, HEADER_DOCUMENTS, 0, NDUP__PLAN_ROWS_MOST);
    if (line.status == NDUP_STATUS_OK && line.wrong != NULL) {
        return ndup__line_reader_fail(lines, NDUP_STATUS_CORRUPT, line.problem, line.wrong, error);
    }
    if (line.status != NDUP_STATUS_OK) {
        return line.status;
    }
    status = read_policy(plan, lines, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__plan_read_files(plan, text, error);
    }
    return status == NDUP_STATUS_OK ? ndup__plan_read_search(plan, *documents, text, error)
                                    : status;
}

ndup_status ndup__plan_read_header(uint64_t *documents, ndup_plan *plan, ndup__line_reader *lines,
                                   ndup_error *error)
{
    ndup__record_scanner *scanner;
    ndup_status status =
        ndup__record_scanner_new(&scanner, header_paths, HEADER_COUNT, plan->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_header_line(documents, plan, lines, scanner, error);
        ndup__record_scanner_free(scanner);
    }
    return status;
}
