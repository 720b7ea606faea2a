/* SPDX-License-Identifier: MIT */
/* Matching a plan to the corpus it was made from: every document must be where and what it was. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "dedup/asked.h"
#include "dedup/reading.h"
#include "dedup/result.h"
#include "pipeline/options.h"
#include "pipeline/progress.h"
#include "plan/plan_state.h"
#include "report/id_hash.h"
#include "text/tokenize.h"

typedef struct plan_match {
    const ndup_plan *plan;
    ndup_result *result;
    ndup_corpus *corpus;
    uint64_t line_base;
    ndup__tokens tokens; /* of the document at hand, where it may have no words */
    ndup__asked asked;   /* whether it is protected */
    ndup__keep_value values[NDUP__KEEP_ELEMENTS];
    ndup__arena strings;  /* of values */
    ndup__plan_row *rows; /* [row_count] the plan's, for the result */
} plan_match;

static ndup_status fail_document(const plan_match *match, const ndup_document *document,
                                 const char *problem, ndup_error *error)
{
    char shown[100];
    const char *path =
        ndup__shorten_path(shown, sizeof shown, document->path != NULL ? document->path : "");
    uint64_t line = document->line != 0 ? match->line_base + document->line : 0;
    ndup_status status =
        line != 0
            ? ndup__fail(error, NDUP_STATUS_CHANGED, "%s:%" PRIu64 ": %s", path, line, problem)
            : ndup__fail(error, NDUP_STATUS_CHANGED, "%s: %s", path, problem);
    if (error != NULL) {
        error->line = line;
        error->byte = document->offset;
    }
    return status;
}

/* The id that a run gives the document. */
static ndup_text name_document(const plan_match *match, const ndup_document *document, char *room,
                               size_t size)
{
    if (document->id.length > 0) {
        return document->id;
    }
    int length =
        snprintf(room, size, "%s:%" PRIu64, document->path, match->line_base + document->line);
    return (ndup_text){room, length > 0 && (size_t)length < size ? (size_t)length : 0};
}

/* How well the text is read. A plan counts the texts that are not read well, and does not list
 * them: where there are none, no text need be looked at. */
static ndup_status find_reading(plan_match *match, ndup_text text, ndup_reading *reading,
                                ndup_error *error)
{
    const ndup_plan *plan = match->plan;
    *reading = NDUP_READING_WORDS;
    if (plan->search.empty + plan->search.unreadable == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__tokenize(&match->tokens, ndup__token_mode_of(plan->options.matching.tokens),
                       text.bytes, text.length, error);
    *reading = ndup__reading_of(&match->tokens);
    return status;
}

/* What the plan's keep policy and guards see in the document now; see ndup_verdict. */
static ndup_status hash_kept_by(uint64_t *hash, plan_match *match, const ndup__item *item,
                                ndup_error *error)
{
    const ndup_plan *plan = match->plan;
    *hash = 0;
    if (!plan->needs_keep_hash) {
        return NDUP_STATUS_OK;
    }
    ndup__arena_reset(&match->strings);
    ndup_status status =
        ndup__keep_values(match->values, &plan->policy, item, 0, 0, &match->strings, error);
    if (status == NDUP_STATUS_OK) {
        *hash = ndup__keep_hash(&plan->policy, match->values,
                                ndup__asked_protects(&match->asked, &item->document));
    }
    return status;
}

/* What was decided must have been decided about this document, as it is. */
static ndup_status check_row(plan_match *match, ndup__plan_row *row, const ndup__item *item,
                             const ndup__sighting *sighting, ndup_error *error)
{
    const ndup_document *document = &item->document;
    uint64_t keep_hash;
    if (row->unlisted) { /* a plan that is written again has a line of it */
        return hash_kept_by(&row->keep_hash, match, item, error);
    }
    if (ndup__id_hash(sighting->id) != row->id_hash) {
        return fail_document(match, document, "another document stood here when the plan was made",
                             error);
    }
    if (sighting->text_hash != row->text_hash) {
        return fail_document(match, document, "the text changed since the plan was made", error);
    }
    if ((uint64_t)row->span_offset + row->span_bytes > document->text.length) {
        return fail_document(match, document, "the plan's span ends behind the text", error);
    }
    ndup_status status = hash_kept_by(&keep_hash, match, item, error);
    if (status == NDUP_STATUS_OK && match->plan->needs_keep_hash && keep_hash != row->keep_hash) {
        return fail_document(match, document,
                             "what --keep or --never-drop-from decided by, such as its date or "
                             "source, changed since the plan was made; make it again",
                             error);
    }
    return status;
}

static ndup_status match_document(void *context, const ndup__item *item, ndup_error *error)
{
    plan_match *match = context;
    const ndup_document *document = &item->document;
    ndup__table *table = &match->result->table;
    size_t number = table->count;
    if (document->id.length > UINT16_MAX) {
        return NDUP_STATUS_OK; /* was skipped when the plan was made */
    }
    if (number >= match->plan->row_count) {
        return fail_document(match, document, "this document is not in the plan", error);
    }
    ndup__plan_row *row = &match->rows[number];
    char room[4200];
    ndup__sighting sighting = {
        .place = item->place,
        .length = (uint32_t)document->length,
        .text_length = (uint32_t)document->text.length,
        .text_hash = ndup__hash_bytes(document->text.bytes, document->text.length, 0),
        .class_hash = {ndup__mix64(number), number}, /* every document is a class of its own */
        .id = name_document(match, document, room, sizeof room),
        .title = document->title,
    };
    ndup_status status = check_row(match, row, item, &sighting, error);
    match->result->summary.text_bytes += document->text.length;
    if (status == NDUP_STATUS_OK) {
        status = find_reading(match, document->text, &sighting.reading, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__sources_row(&sighting.source, &table->source_names, document, error);
    }
    return status == NDUP_STATUS_OK ? ndup__table_add(table, &sighting, NULL, NULL, error) : status;
}

static ndup_status read_corpus(plan_match *match, const ndup_hooks *hooks, ndup_error *error)
{
    ndup__visitor visitor = {.context = match, .visit = match_document};
    ndup__reporter reporter = {.hooks = hooks};
    ndup__line_counter counter = {0};
    ndup__block block;
    bool more = true;
    ndup_summary *summary = &match->result->summary;
    ndup__block_init(&block, match->result->allocator);
    ndup_status status = ndup__corpus_rewind(match->corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&reporter, NDUP_STAGE_READ, ndup_corpus_bytes(match->corpus),
                                      error);
        summary->skipped += ndup__corpus_report_opening(match->corpus, hooks);
    }
    while (status == NDUP_STATUS_OK) {
        status = ndup__corpus_take(match->corpus, &block, &more, error);
        if (status != NDUP_STATUS_OK || !more) {
            break;
        }
        match->line_base = counter.file == block.file ? counter.lines : 0;
        status = ndup__corpus_scan(match->corpus, &block, &visitor, error);
        (void)ndup__line_counter_add(&counter, &block);
        ndup__block_report(&block, match->line_base, hooks);
        summary->skipped += ndup__block_skipped(&block);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&reporter, block.stored, match->result->table.count, error);
        }
    }
    ndup__block_deinit(&block);
    return status;
}

static ndup_status take_rows(plan_match *match, ndup_error *error)
{
    ndup_result *result = match->result;
    const ndup_plan *plan = match->plan;
    size_t count = result->table.count;
    if (count != plan->row_count) {
        return ndup__fail(error, NDUP_STATUS_CHANGED,
                          "the corpus has %zu documents, the plan is about %zu", count,
                          plan->row_count);
    }
    ndup_status status = ndup__groups_init(&result->groups, count, result->allocator, NULL, error);
    if (status == NDUP_STATUS_OK) {
        result->plan_rows = match->rows;
        match->rows = NULL;
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        result->groups.survivors[i] = (uint32_t)plan->rows[i].survivor;
    }
    uint64_t text_bytes = result->summary.text_bytes;
    uint64_t skipped = result->summary.skipped;
    result->summary = plan->search;
    result->summary.text_bytes = text_bytes;
    result->summary.skipped = skipped;
    result->summary.documents = count;
    result->summary.bands = plan->bands;
    return status;
}

static ndup_status begin_match(plan_match *match, ndup_error *error)
{
    const ndup__keep_policy *policy = &match->plan->policy;
    const ndup_plan *plan = match->plan;
    ndup_status status = ndup__asked_init(&match->asked, &plan->options, policy, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(plan->allocator, &match->rows, 0, plan->row_count,
                              sizeof *match->rows, error);
    }
    if (status == NDUP_STATUS_OK && plan->row_count > 0) {
        memcpy(match->rows, plan->rows, plan->row_count * sizeof *match->rows);
    }
    return status == NDUP_STATUS_OK
               ? ndup__corpus_want_fields(match->corpus, policy->fields, policy->field_count, error)
               : status;
}

static void end_match(plan_match *match)
{
    ndup__tokens_deinit(&match->tokens);
    ndup__asked_deinit(&match->asked);
    ndup__arena_deinit(&match->strings);
    ndup__free(match->plan->allocator, &match->rows, match->plan->row_count, sizeof *match->rows);
}

ndup_status ndup_plan_result(ndup_result **out, const ndup_plan *plan, ndup_corpus *corpus,
                             const ndup_hooks *hooks, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "result", out, "plan", plan, "corpus", corpus);
    if (given == NDUP_STATUS_OK) {
        given = ndup__require_hooks(hooks, error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_result *result;
    ndup_status status = ndup__result_allocate(&result, plan->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    result->policy.input_order = true;
    ndup__table_init(&result->table, &result->policy, 0, plan->allocator);
    result->table.keeps_titles = true;
    plan_match match = {.plan = plan,
                        .result = result,
                        .corpus = corpus,
                        .tokens = {.allocator = plan->allocator},
                        .strings = {.allocator = plan->allocator}};
    status = begin_match(&match, error);
    if (status == NDUP_STATUS_OK) {
        status = read_corpus(&match, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__table_seal(&result->table);
        status = take_rows(&match, error);
    }
    end_match(&match);
    if (status == NDUP_STATUS_OK) {
        status = ndup__result_describe(result, &plan->options, corpus, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__result_count(result, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_result_free(result);
        return status;
    }
    *out = result;
    return NDUP_STATUS_OK;
}
