/* SPDX-License-Identifier: MIT */
/* Reading plans: a header line, a line for every document, and a line that ends them. */
#include "neardup/plan.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "plan/line_reader.h"
#include "plan/plan_edit.h"
#include "plan/plan_header.h"
#include "plan/plan_state.h"
#include "plan/plan_value.h"
#include "report/id_hash.h"

#define SHOWN_BYTES 60

enum {
    ROW_TYPE,
    ROW_ID,
    ROW_DECISION,
    ROW_KIND,
    ROW_CLUSTER,
    ROW_NUMBER,
    ROW_SURVIVOR_NUMBER,
    ROW_SIMILARITY,
    ROW_CONTAINMENT,
    ROW_SURVIVOR_CONTAINMENT,
    ROW_SPAN,
    ROW_SPAN_TOKENS,
    ROW_SPAN_OFFSET,
    ROW_SPAN_BYTES,
    ROW_TEXT_HASH,
    ROW_KEEP_HASH,
    ROW_FORM_NUMBER,
    ROW_FORM_SIMILARITY,
    ROW_DOCUMENTS,
    ROW_KEPT,
    ROW_DROPPED,
    ROW_COUNT
};

static const char *const row_paths[ROW_COUNT] = {
    "type",
    "id",
    "decision",
    "kind",
    "cluster",
    "number",
    "survivor_number",
    "similarity",
    "containment",
    "survivor_containment",
    "span",
    "span.tokens",
    "span.offset",
    "span.bytes",
    "text_hash",
    "keep_hash",
    "form_number",
    "form_similarity",
    "documents",
    "kept",
    "dropped",
};

typedef struct plan_reader {
    ndup_plan *plan;
    ndup__line_reader *lines;
    ndup__record_scanner *scanner; /* of rows */
    ndup__arena scratch;           /* ids of one line */
    bool has_ended;                /* the line that ends a plan has been read */
    bool edited;                   /* by a person or a program: see ndup_plan_open_edited */
    uint64_t documents;            /* of the corpus, by the header */
} plan_reader;

/* The status after all members of a line were read. */
static ndup_status check_line(const plan_reader *reader, const ndup__plan_line *line,
                              ndup_error *error)
{
    if (line->status == NDUP_STATUS_OK && line->wrong != NULL) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT, line->problem,
                                      line->wrong, error);
    }
    return line->status;
}

static ndup_status scan_line(const plan_reader *reader, ndup__plan_line *line,
                             const ndup__record_scanner *scanner, ndup_text text, ndup_error *error)
{
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup_status status = ndup__record_scan(line->values, scanner, text.bytes, text.length, &cause);
    if (status == NDUP_STATUS_OK) {
        return status;
    }
    (void)ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT, cause.message, "", error);
    if (error != NULL) {
        error->byte = cause.byte;
    }
    return NDUP_STATUS_CORRUPT;
}

static bool is_word(const ndup__value *value, const char *word)
{
    return value->kind == NDUP__VALUE_STRING && value->length == strlen(word) &&
           memcmp(value->raw, word, value->length) == 0;
}

/* What to do about a plan that was changed on purpose. */
static const char *edit_hint(const plan_reader *reader)
{
    return reader->edited ? "" : "; a plan that was edited on purpose is taken by apply --edited";
}

static void read_span(ndup__plan_row *row, ndup__plan_line *line)
{
    if (line->values[ROW_SPAN].kind == NDUP__VALUE_OBJECT) {
        row->span_tokens = ndup__plan_small(line, ROW_SPAN_TOKENS, 0, UINT32_MAX);
        row->span_offset = ndup__plan_small(line, ROW_SPAN_OFFSET, 0, UINT32_MAX);
        row->span_bytes = ndup__plan_small(line, ROW_SPAN_BYTES, 0, UINT32_MAX - row->span_offset);
    }
}

/* Plans of earlier versions know of no forms. */
static void read_form(ndup__plan_row *row, ndup__plan_line *line, uint64_t number)
{
    row->formed = line->values[ROW_FORM_NUMBER].kind == NDUP__VALUE_NUMBER;
    row->form = number;
    row->form_similarity = 1;
    if (row->formed) {
        row->form = ndup__plan_count(line, ROW_FORM_NUMBER, 0, NDUP__PLAN_ROWS_MOST);
        row->form_similarity = ndup__plan_share(line, ROW_FORM_SIMILARITY);
    }
}

/* What is said of the survivor. For a document that is like no other it is null. */
static void read_survivor(ndup__plan_row *row, ndup__plan_line *line, uint64_t number)
{
    const char *kinds[NDUP_KIND_TEMPLATE + 1];
    if (line->values[ROW_SURVIVOR_NUMBER].kind == NDUP__VALUE_NULL) {
        row->survivor = row->form = number;
        row->form_similarity = 1;
        row->similarity = row->containment = row->survivor_containment = 1;
        return;
    }
    for (int i = 0; i <= NDUP_KIND_TEMPLATE; i++) {
        kinds[i] = ndup_kind_name((ndup_kind)i);
    }
    row->kind = (ndup_kind)ndup__plan_choice(line, ROW_KIND, kinds, NDUP_KIND_TEMPLATE + 1);
    row->grouped = line->values[ROW_CLUSTER].kind == NDUP__VALUE_STRING;
    row->survivor = ndup__plan_count(line, ROW_SURVIVOR_NUMBER, 0, NDUP__PLAN_ROWS_MOST);
    read_form(row, line, number);
    row->similarity = ndup__plan_share(line, ROW_SIMILARITY);
    row->containment = ndup__plan_share(line, ROW_CONTAINMENT);
    row->survivor_containment = ndup__plan_share(line, ROW_SURVIVOR_CONTAINMENT);
    read_span(row, line);
}

static void read_keep_hash(ndup__plan_row *row, const plan_reader *reader, ndup__plan_line *line)
{
    ndup__value_kind kind = line->values[ROW_KEEP_HASH].kind;
    if (kind != NDUP__VALUE_ABSENT &&
        (reader->plan->needs_keep_hash || kind == NDUP__VALUE_STRING)) {
        row->keep_hash = ndup__plan_hash(line, ROW_KEEP_HASH);
    }
}

/* Plans of earlier versions have no hash of what --keep saw. Where it only saw texts and places
 * that does no harm. */
static ndup_status check_version(const plan_reader *reader, const ndup__plan_line *line,
                                 ndup_error *error)
{
    if (!reader->plan->needs_keep_hash || line->values[ROW_KEEP_HASH].kind != NDUP__VALUE_ABSENT) {
        return NDUP_STATUS_OK;
    }
    return ndup__line_reader_fail(
        reader->lines, NDUP_STATUS_VERSION,
        "this plan of an earlier version does not tell what --keep and --never-drop-from saw",
        ": make it again", error);
}

/* Adds a row, the next in corpus order. */
static ndup_status add_row(plan_reader *reader, const ndup__plan_row *row, ndup_error *error)
{
    ndup_plan *plan = reader->plan;
    ndup_status status = ndup__reserve(plan->allocator, &plan->rows, &plan->row_capacity,
                                       plan->row_count + 1, sizeof *plan->rows, error);
    if (status == NDUP_STATUS_OK) {
        plan->rows[plan->row_count++] = *row;
        plan->kept += row->kept;
        plan->dropped += !row->kept;
    }
    return status;
}

/* Documents before `number` that an edited plan has no line of are kept. */
static ndup_status add_unlisted(plan_reader *reader, uint64_t number, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && reader->edited && reader->plan->row_count < number &&
           number <= reader->documents) {
        const ndup__plan_row row = {.survivor = reader->plan->row_count,
                                    .form = reader->plan->row_count,
                                    .form_similarity = 1,
                                    .similarity = 1,
                                    .containment = 1,
                                    .survivor_containment = 1,
                                    .kept = true,
                                    .unlisted = true};
        status = add_row(reader, &row, error);
    }
    return status;
}

static ndup_status read_row(plan_reader *reader, ndup__plan_line *line, ndup_error *error)
{
    static const char *const decisions[] = {"drop", "keep"};
    ndup_text id;
    ndup__arena_reset(&reader->scratch);
    id.bytes = ndup__plan_string(&id.length, line, ROW_ID, &reader->scratch);
    ndup__plan_row row = {
        .id_hash = ndup__id_hash(id),
        .text_hash = ndup__plan_hash(line, ROW_TEXT_HASH),
        .kept = ndup__plan_choice(line, ROW_DECISION, decisions, 2) == 1,
    };
    uint64_t number = ndup__plan_count(line, ROW_NUMBER, 0, NDUP__PLAN_ROWS_MOST);
    read_survivor(&row, line, number);
    read_keep_hash(&row, reader, line);
    ndup_status status = check_line(reader, line, error);
    if (status == NDUP_STATUS_OK) {
        status = check_version(reader, line, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = add_unlisted(reader, number, error);
    }
    if (status == NDUP_STATUS_OK && number != reader->plan->row_count) {
        status = ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                        "a document is missing or out of order", edit_hint(reader),
                                        error);
    }
    return status == NDUP_STATUS_OK ? add_row(reader, &row, error) : status;
}

static ndup_status read_end(plan_reader *reader, ndup__plan_line *line, ndup_error *error)
{
    const ndup_plan *plan = reader->plan;
    uint64_t documents = ndup__plan_count(line, ROW_DOCUMENTS, 0, NDUP__PLAN_ROWS_MOST);
    uint64_t kept = ndup__plan_count(line, ROW_KEPT, 0, NDUP__PLAN_ROWS_MOST);
    uint64_t dropped = ndup__plan_count(line, ROW_DROPPED, 0, NDUP__PLAN_ROWS_MOST);
    reader->has_ended = true;
    ndup_status status = check_line(reader, line, error);
    if (status == NDUP_STATUS_OK && !reader->edited &&
        (documents != plan->row_count || kept != plan->kept || dropped != plan->dropped)) {
        status = ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                        "the counts are not those of the lines above",
                                        edit_hint(reader), error);
    }
    return status;
}

static ndup_status read_rows(plan_reader *reader, ndup_error *error)
{
    for (;;) {
        ndup_text text;
        ndup_status status = ndup__line_reader_next(&text, reader->lines, error);
        if (status != NDUP_STATUS_OK || text.bytes == NULL) {
            return status;
        }
        if (reader->has_ended) {
            return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                          "text behind the end of the plan", "", error);
        }
        ndup__plan_line line = {.paths = row_paths, .error = error};
        status = scan_line(reader, &line, reader->scanner, text, error);
        if (status == NDUP_STATUS_OK) {
            status = is_word(&line.values[ROW_TYPE], "end") ? read_end(reader, &line, error)
                                                            : read_row(reader, &line, error);
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
}

/* Documents that somebody wants to keep stand for themselves. */
static void settle_edits(ndup_plan *plan)
{
    for (size_t i = 0; i < plan->row_count; i++) {
        if (plan->rows[i].kept && plan->rows[i].survivor != i) {
            ndup__plan_keep_row(&plan->rows[i], i);
        }
    }
}

/* The header is line 1, so the row of document i is line i + 2. */
static ndup_status check_rows(plan_reader *reader, ndup_error *error)
{
    const ndup_plan *plan = reader->plan;
    if (!reader->has_ended && !reader->edited) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                      "the plan is cut off here", edit_hint(reader), error);
    }
    if (reader->documents != plan->row_count) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                      "the first line tells of another number of documents", "",
                                      error);
    }
    for (size_t i = 0; i < plan->row_count; i++) {
        uint64_t survivor = plan->rows[i].survivor;
        if (survivor >= plan->row_count || plan->rows[survivor].survivor != survivor) {
            reader->lines->number = i + 2;
            return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                          "survivor_number names no survivor", "", error);
        }
        if (plan->rows[i].form >= plan->row_count) {
            reader->lines->number = i + 2;
            return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                          "form_number names no document", "", error);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status read_plan(plan_reader *reader, ndup_error *error)
{
    ndup_status status =
        ndup__line_reader_open(&reader->lines, reader->plan->path, reader->plan->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__record_scanner_new(&reader->scanner, row_paths, ROW_COUNT,
                                          reader->plan->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__plan_read_header(&reader->documents, reader->plan, reader->lines, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_rows(reader, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = add_unlisted(reader, reader->documents, error);
    }
    if (status == NDUP_STATUS_OK && reader->edited) {
        settle_edits(reader->plan);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_rows(reader, error);
    }
    return status == NDUP_STATUS_OK && reader->edited
               ? ndup__plan_settle_groups(reader->plan, error)
               : status;
}

static void end_reader(plan_reader *reader)
{
    if (reader->scanner != NULL) {
        ndup__record_scanner_free(reader->scanner);
    }
    ndup__line_reader_close(reader->lines);
    ndup__arena_deinit(&reader->scratch);
}

static ndup_status open_plan(ndup_plan **plan, const char *path, bool edited,
                             const ndup_allocator *allocator, ndup_error *error)
{
    if (plan != NULL) {
        *plan = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "plan", plan, "path", path);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_plan *made;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = allocator;
    made->strings.allocator = allocator;
    char *copy = NULL;
    status = ndup__arena_copy(&made->strings, &copy, path, strlen(path), error);
    made->path = copy;
    if (status == NDUP_STATUS_OK) {
        plan_reader reader = {.plan = made, .edited = edited, .scratch = {.allocator = allocator}};
        status = read_plan(&reader, error);
        end_reader(&reader);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_plan_close(made);
        return status;
    }
    *plan = made;
    return NDUP_STATUS_OK;
}

ndup_status ndup_plan_open(ndup_plan **plan, const char *path, const ndup_allocator *allocator,
                           ndup_error *error)
{
    return open_plan(plan, path, false, allocator, error);
}

ndup_status ndup_plan_open_edited(ndup_plan **plan, const char *path,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    return open_plan(plan, path, true, allocator, error);
}

void ndup_plan_close(ndup_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    const ndup_allocator *allocator = plan->allocator;
    ndup__arena_deinit(&plan->strings);
    ndup__free(allocator, &plan->rows, plan->row_capacity, sizeof *plan->rows);
    ndup__free(allocator, &plan, 1, sizeof *plan);
}

static bool can_be_read_again(const ndup_plan *plan)
{
    for (size_t i = 0; i < plan->input_count; i++) {
        if (strcmp(plan->inputs[i], "-") == 0) {
            return false;
        }
    }
    return plan->input_count > 0;
}

ndup_status ndup_plan_open_corpus(ndup_corpus **corpus, const ndup_plan *plan,
                                  const char *const *inputs, size_t input_count,
                                  const ndup_corpus_options *options, const ndup_hooks *hooks,
                                  ndup_error *error)
{
    if (corpus != NULL) {
        *corpus = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "corpus", corpus, "plan", plan);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_corpus_options merged = plan->fields;
    if (options != NULL) {
        if (options->struct_size < sizeof *options) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "struct_size %zu of the corpus options, must be %zu",
                              options->struct_size, sizeof *options);
        }
        merged.temporary_folder = options->temporary_folder;
        merged.max_temporary_bytes = options->max_temporary_bytes;
        merged.zstd_long = options->zstd_long;
        merged.allocator = options->allocator;
        if (options->max_record_bytes != 0) {
            merged.max_record_bytes = options->max_record_bytes;
        }
    }
    if (input_count > 0) {
        return ndup_corpus_open(corpus, inputs, input_count, &merged, hooks, error);
    }
    if (!can_be_read_again(plan)) {
        char shown[SHOWN_BYTES];
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                          "%s was made from standard input or from a program's documents: name "
                          "the inputs that hold them now",
                          ndup__shorten_path(shown, sizeof shown, plan->path));
    }
    return ndup_corpus_open(corpus, plan->inputs, plan->input_count, &merged, hooks, error);
}
