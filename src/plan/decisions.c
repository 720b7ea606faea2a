/* SPDX-License-Identifier: MIT */
/* Decisions of a person on the documents of a plan. */
#include <string.h>

#include "base/error.h"
#include "base/require.h"
#include "plan/line_reader.h"
#include "plan/plan_edit.h"
#include "plan/plan_state.h"
#include "plan/plan_value.h"
#include "report/corpus_hash.h"
#include "report/id_hash.h"

#define SHOWN_BYTES 60

enum { TYPE, SCHEMA_VERSION, CORPUS, NUMBER, ID, TEXT_HASH, DECISION, PATH_COUNT };

static const char *const paths[PATH_COUNT] = {"type", "schema_version", "corpus",  "number",
                                              "id",   "text_hash",      "decision"};

typedef struct decision_reader {
    ndup_plan *plan;
    ndup__line_reader *lines;
    ndup__record_scanner *scanner;
    ndup__arena strings; /* ids of one line */
    uint64_t corpus;     /* hash of the plan's texts */
    uint64_t taken;
} decision_reader;

static uint64_t hash_corpus(const ndup_plan *plan)
{
    uint64_t hash = NDUP__CORPUS_HASH_START;
    for (size_t i = 0; i < plan->row_count; i++) {
        hash = ndup__corpus_hash_add(hash, plan->rows[i].text_hash);
    }
    return hash;
}

static ndup_status check_head(const decision_reader *reader, ndup__plan_line *line,
                              ndup_error *error)
{
    const ndup__value *type = &line->values[TYPE];
    static const char name[] = "neardup-decisions";
    if (type->kind != NDUP__VALUE_STRING || type->length != sizeof name - 1 ||
        memcmp(type->raw, name, type->length) != 0) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT,
                                      "not a file of decisions: ", "no header line", error);
    }
    uint64_t version = ndup__plan_count(line, SCHEMA_VERSION, 0, UINT64_MAX);
    if (line->wrong == NULL && version != NDUP_SCHEMA_VERSION) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_VERSION,
                                      "another schema version than that of this library", "",
                                      error);
    }
    return NDUP_STATUS_OK;
}

/* Acts on one decision, if it is about this plan. */
static ndup_status take_decision(decision_reader *reader, ndup__plan_line *line, ndup_error *error)
{
    static const char *const decisions[] = {"drop", "keep"};
    ndup_plan *plan = reader->plan;
    ndup_text id;
    uint64_t corpus = ndup__plan_hash(line, CORPUS);
    uint64_t number = ndup__plan_count(line, NUMBER, 0, NDUP__PLAN_ROWS_MOST);
    uint64_t text_hash = ndup__plan_hash(line, TEXT_HASH);
    bool keeps = ndup__plan_choice(line, DECISION, decisions, 2) == 1;
    id.bytes = ndup__plan_string(&id.length, line, ID, &reader->strings);
    if (line->status != NDUP_STATUS_OK || line->wrong != NULL || corpus != reader->corpus) {
        return line->status;
    }
    ndup__plan_row *row = number < plan->row_count ? &plan->rows[number] : NULL;
    if (row == NULL || row->text_hash != text_hash || row->id_hash != ndup__id_hash(id)) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CHANGED,
                                      "the plan has another document in this place", "", error);
    }
    if (keeps) {
        ndup__plan_keep_row(row, number);
    } else if (row->survivor == number) {
        row->kept = false;
    }
    reader->taken++;
    return NDUP_STATUS_OK;
}

static ndup_status read_line(decision_reader *reader, ndup_text text, ndup_error *error)
{
    ndup__plan_line line = {.paths = paths, .error = error};
    ndup_error cause = {.status = NDUP_STATUS_OK};
    ndup__arena_reset(&reader->strings);
    ndup_status status =
        ndup__record_scan(line.values, reader->scanner, text.bytes, text.length, &cause);
    if (status != NDUP_STATUS_OK) {
        return ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT, cause.message, "", error);
    }
    status = reader->lines->number == 1 ? check_head(reader, &line, error)
                                        : take_decision(reader, &line, error);
    if (status == NDUP_STATUS_OK && line.wrong != NULL) {
        status = ndup__line_reader_fail(reader->lines, NDUP_STATUS_CORRUPT, line.problem,
                                        line.wrong, error);
    }
    return status;
}

static ndup_status read_decisions(decision_reader *reader, ndup_error *error)
{
    ndup_text line;
    ndup_status status;
    do {
        status = ndup__line_reader_next(&line, reader->lines, error);
        if (status == NDUP_STATUS_OK && line.bytes != NULL) {
            status = read_line(reader, line, error);
        }
    } while (status == NDUP_STATUS_OK && line.bytes != NULL);
    if (status == NDUP_STATUS_OK && reader->taken == 0) {
        char shown[SHOWN_BYTES];
        status = ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                            "no decision in %s is about this plan: its corpus is another one",
                            ndup__shorten_path(shown, sizeof shown, reader->lines->path));
    }
    return status == NDUP_STATUS_OK ? ndup__plan_settle_groups(reader->plan, error) : status;
}

ndup_status ndup_plan_decide(uint64_t *taken, ndup_plan *plan, const char *path, ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "taken", taken, "plan", plan, "path", path);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    decision_reader reader = {
        .plan = plan, .strings = {.allocator = plan->allocator}, .corpus = hash_corpus(plan)};
    *taken = 0;
    ndup_status status = ndup__line_reader_open(&reader.lines, path, plan->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__record_scanner_new(&reader.scanner, paths, PATH_COUNT, plan->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_decisions(&reader, error);
        ndup__record_scanner_free(reader.scanner);
    }
    ndup__arena_deinit(&reader.strings);
    ndup__line_reader_close(reader.lines);
    *taken = status == NDUP_STATUS_OK ? reader.taken : 0;
    return status;
}
