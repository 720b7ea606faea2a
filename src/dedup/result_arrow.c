/* SPDX-License-Identifier: MIT */
/* A result's verdicts and pairs as Arrow streams. */
#include <string.h>

#include "arrow/arrow_stream.h"
#include "base/require.h"
#include "dedup/result.h"
#include "report/verdict_out.h"

static ndup_text text_of(const char *word)
{
    return (ndup_text){word, strlen(word)};
}

enum {
    DOCUMENT,
    ID,
    KEPT,
    DECISION,
    SURVIVOR,
    SURVIVOR_ID,
    SIMILARITY,
    CONTAINMENT,
    KIND,
    GROUP,
    GROUP_SIZE,
    SPAN_OFFSET,
    SPAN_BYTES,
    VERDICT_FIELDS
};

static const ndup__arrow_field verdict_fields[VERDICT_FIELDS] = {
    [DOCUMENT] = {"document", "L", false},
    [ID] = {"id", "u", false},
    [KEPT] = {"kept", "b", false},
    [DECISION] = {"decision", "u", false},
    [SURVIVOR] = {"survivor", "L", false},
    [SURVIVOR_ID] = {"survivor_id", "u", false},
    [SIMILARITY] = {"similarity", "g", false},
    [CONTAINMENT] = {"containment", "g", false},
    [KIND] = {"kind", "u", false},
    [GROUP] = {"group", "L", true},
    [GROUP_SIZE] = {"group_size", "I", false},
    [SPAN_OFFSET] = {"span_offset", "I", true},
    [SPAN_BYTES] = {"span_bytes", "I", true},
};

/* A document that is in no group, or stays beside one, is a group of its own. */
static uint32_t group_size(const ndup_result *result, const ndup_verdict *verdict)
{
    uint32_t class_number = result->table.classes[verdict->survivor];
    return verdict->grouped ? result->group_sizes[result->groups.survivors[class_number]] : 1;
}

static ndup_status add_names(ndup__arrow_batch *batch, const ndup_verdict *verdict,
                             ndup_error *error)
{
    const struct {
        size_t column;
        ndup_text text;
    } texts[] = {{ID, verdict->id},
                 {DECISION, text_of(ndup__decision_name(verdict))},
                 {SURVIVOR_ID, verdict->survivor_id},
                 {KIND, text_of(ndup_kind_name(verdict->kind))}};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == NDUP_STATUS_OK; i++) {
        status = ndup__arrow_add_text(batch, texts[i].column, texts[i].text, error);
    }
    return status;
}

static ndup_status add_verdict(const void *context, ndup__arrow_batch *batch, uint64_t row,
                               ndup_error *error)
{
    const ndup_result *result = context;
    ndup_verdict verdict;
    ndup_result_verdict(result, row, &verdict);
    ndup__arrow_add_uint(batch, DOCUMENT, verdict.document);
    ndup__arrow_add_bool(batch, KEPT, verdict.kept);
    ndup__arrow_add_uint(batch, SURVIVOR, verdict.survivor);
    ndup__arrow_add_float(batch, SIMILARITY, verdict.similarity);
    ndup__arrow_add_float(batch, CONTAINMENT, verdict.containment);
    ndup__arrow_add_uint(batch, GROUP_SIZE, group_size(result, &verdict));
    if (verdict.grouped) {
        ndup__arrow_add_uint(batch, GROUP, verdict.survivor);
    } else {
        ndup__arrow_add_null(batch, GROUP);
    }
    if (verdict.span_tokens > 0) {
        ndup__arrow_add_uint(batch, SPAN_OFFSET, verdict.span_offset);
        ndup__arrow_add_uint(batch, SPAN_BYTES, verdict.span_bytes);
    } else {
        ndup__arrow_add_null(batch, SPAN_OFFSET);
        ndup__arrow_add_null(batch, SPAN_BYTES);
    }
    return add_names(batch, &verdict, error);
}

enum { A, B, ID_A, ID_B, PAIR_SIMILARITY, CONTAINMENT_A, CONTAINMENT_B, PAIR_KIND, PAIR_FIELDS };

static const ndup__arrow_field pair_fields[PAIR_FIELDS] = {
    [A] = {"a", "L", false},
    [B] = {"b", "L", false},
    [ID_A] = {"id_a", "u", false},
    [ID_B] = {"id_b", "u", false},
    [PAIR_SIMILARITY] = {"similarity", "g", false},
    [CONTAINMENT_A] = {"containment_a", "g", false},
    [CONTAINMENT_B] = {"containment_b", "g", false},
    [PAIR_KIND] = {"kind", "u", false},
};

static ndup_status add_pair(const void *context, ndup__arrow_batch *batch, uint64_t row,
                            ndup_error *error)
{
    const ndup_result *result = context;
    const ndup_pair *pair = &result->pairs[row];
    ndup__arrow_add_uint(batch, A, pair->a);
    ndup__arrow_add_uint(batch, B, pair->b);
    ndup__arrow_add_float(batch, PAIR_SIMILARITY, pair->similarity);
    ndup__arrow_add_float(batch, CONTAINMENT_A, pair->containment_a);
    ndup__arrow_add_float(batch, CONTAINMENT_B, pair->containment_b);
    ndup_status status =
        ndup__arrow_add_text(batch, ID_A, ndup__table_id(&result->table, pair->a), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arrow_add_text(batch, ID_B, ndup__table_id(&result->table, pair->b), error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__arrow_add_text(batch, PAIR_KIND, text_of(ndup_kind_name(pair->kind)), error)
               : status;
}

static ndup_status open_stream(struct ArrowArrayStream *stream, const ndup_result *result,
                               ndup__arrow_source source, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "stream", stream);
    if (status == NDUP_STATUS_OK) {
        *stream = (struct ArrowArrayStream){.release = NULL};
        status = NDUP__REQUIRE(error, "result", result);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    source.context = result;
    return ndup__arrow_stream_open(stream, &source, error);
}

ndup_status ndup_result_arrow(struct ArrowArrayStream *stream, const ndup_result *result,
                              ndup_error *error)
{
    const ndup__arrow_source source = {.fields = verdict_fields,
                                       .field_count = VERDICT_FIELDS,
                                       .rows = result != NULL ? result->table.count : 0,
                                       .add_row = add_verdict};
    return open_stream(stream, result, source, error);
}

ndup_status ndup_result_pairs_arrow(struct ArrowArrayStream *stream, const ndup_result *result,
                                    ndup_error *error)
{
    const ndup__arrow_source source = {.fields = pair_fields,
                                       .field_count = PAIR_FIELDS,
                                       .rows = result != NULL ? result->pair_count : 0,
                                       .add_row = add_pair};
    return open_stream(stream, result, source, error);
}
