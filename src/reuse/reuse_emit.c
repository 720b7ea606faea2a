/* SPDX-License-Identifier: MIT */
/* Passages keep the order in which they were found; families come by their first places, and the
 * places of each by date. */
#include "reuse/reuse_emit.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "passage/chain.h"
#include "passage/families.h"

typedef struct emission {
    ndup__reuse_run *run;
    ndup_passage_sink *const *sinks;
    size_t sink_count;
    const ndup__stored_passage *passages;
    size_t passage_count;
    ndup__families families;
    uint64_t *family_documents; /* [families.count] */
    uint64_t *family_passages;
    uint64_t *numbers; /* of the families that are wide enough, as they are told; else UINT64_MAX */
    ndup_passage_place *places;
    size_t place_capacity;
    ndup__reuse_reader *reader;
    uint8_t *has_passage; /* [documents] */
} emission;

ndup_passage_place ndup__reuse_place(const ndup__reuse_run *run, uint32_t document, uint32_t token,
                                     uint32_t tokens, uint32_t offset, uint32_t length)
{
    const ndup__reuse_document *known = &run->documents[document];
    return (ndup_passage_place){.document = document,
                                .id = known->id,
                                .source = run->sources.rows[known->source].name,
                                .date = known->date,
                                .is_dated = known->is_dated,
                                .milliseconds = known->milliseconds,
                                .offset = offset,
                                .length = length,
                                .first_token = token,
                                .tokens = tokens,
                                .document_tokens = known->tokens};
}

static ndup_passage_place place_of(const emission *e, size_t span)
{
    const ndup__stored_passage *p = &e->passages[span / 2];
    return span % 2 == 0
               ? ndup__reuse_place(e->run, p->a, p->a_token, p->a_tokens, p->a_offset, p->a_length)
               : ndup__reuse_place(e->run, p->b, p->b_token, p->b_tokens, p->b_offset, p->b_length);
}

static ndup_status make_families(emission *e, ndup_error *error)
{
    const ndup_allocator *allocator = e->run->allocator;
    size_t count = 2 * e->passage_count;
    ndup__span *spans = NULL;
    ndup_status status = ndup__resize(allocator, &spans, 0, count, sizeof *spans, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < e->passage_count; i++) {
        const ndup__stored_passage *p = &e->passages[i];
        spans[2 * i] = (ndup__span){p->a, p->a_token, p->a_tokens};
        spans[2 * i + 1] = (ndup__span){p->b, p->b_token, p->b_tokens};
    }
    status = ndup__families_make(&e->families, spans, count, allocator, error);
    ndup__free(allocator, &spans, count, sizeof *spans);
    return status;
}

static uint32_t document_of(const emission *e, uint32_t span)
{
    const ndup__stored_passage *p = &e->passages[span / 2];
    return span % 2 == 0 ? p->a : p->b;
}

/* Counts what each family has, and numbers those of enough documents. */
static ndup_status count_families(emission *e, ndup_error *error)
{
    const ndup__families *families = &e->families;
    const ndup_allocator *allocator = e->run->allocator;
    ndup_status status = ndup__allocate_zeroed(allocator, &e->family_documents, families->count,
                                               sizeof(uint64_t), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &e->family_passages, families->count,
                                       sizeof(uint64_t), error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(allocator, &e->numbers, families->count, sizeof(uint64_t), error);
    }
    for (size_t i = 0; i < e->passage_count && status == NDUP_STATUS_OK; i++) {
        e->family_passages[families->family[2 * i]]++;
    }
    for (size_t i = 0; i < families->count && status == NDUP_STATUS_OK; i++) {
        for (uint32_t k = families->first[i]; k < families->first[i + 1]; k++) {
            e->family_documents[i] +=
                k == families->first[i] ||
                document_of(e, families->order[k]) != document_of(e, families->order[k - 1]);
        }
        bool is_wide = e->family_documents[i] >= e->run->options->min_documents;
        e->numbers[i] = is_wide ? e->run->summary->families++ : UINT64_MAX;
    }
    return status;
}

static ndup_direction direction_of(const ndup_passage_place *a, const ndup_passage_place *b)
{
    if (!a->is_dated || !b->is_dated || a->milliseconds == b->milliseconds) {
        return NDUP_DIRECTION_UNKNOWN;
    }
    return a->milliseconds < b->milliseconds ? NDUP_DIRECTION_A_FIRST : NDUP_DIRECTION_B_FIRST;
}

static ndup_status emit_passage(emission *e, size_t i, ndup_error *error)
{
    const ndup__stored_passage *stored = &e->passages[i];
    uint64_t family = e->numbers[e->families.family[2 * i]];
    if (family == UINT64_MAX) {
        return NDUP_STATUS_OK;
    }
    ndup__token_passage tokens = {
        .a_tokens = stored->a_tokens, .b_tokens = stored->b_tokens, .matched = stored->matched};
    ndup_passage passage = {.a = place_of(e, 2 * i),
                            .b = place_of(e, 2 * i + 1),
                            .matched = stored->matched,
                            .similarity = ndup__passage_similarity(&tokens),
                            .family = family};
    passage.direction = direction_of(&passage.a, &passage.b);
    e->has_passage[stored->a] = e->has_passage[stored->b] = 1;
    e->run->summary->passages++;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 0; k < e->sink_count && status == NDUP_STATUS_OK; k++) {
        if (e->sinks[k]->passage != NULL) {
            status = e->sinks[k]->passage(e->sinks[k]->context, &passage, error);
        }
    }
    return status;
}

static int compare_places(const void *left, const void *right)
{
    const ndup_passage_place *x = left;
    const ndup_passage_place *y = right;
    if (x->is_dated != y->is_dated) {
        return x->is_dated ? -1 : 1;
    }
    if (x->is_dated && x->milliseconds != y->milliseconds) {
        return x->milliseconds < y->milliseconds ? -1 : 1;
    }
    if (x->document != y->document) {
        return x->document < y->document ? -1 : 1;
    }
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Reads the text of a place; it stays until the next one is read. */
static ndup_status read_place(ndup_text *text, const emission *e, const ndup_passage_place *place,
                              ndup_error *error)
{
    ndup_document document;
    ndup_status status = ndup__reuse_reader_read(&document, e->reader, place->document, error);
    if (status == NDUP_STATUS_OK) {
        *text = (ndup_text){document.text.bytes + place->offset, place->length};
    }
    return status;
}

static ndup_status emit_family(emission *e, size_t i, ndup_error *error)
{
    const ndup__families *families = &e->families;
    size_t count = families->first[i + 1] - families->first[i];
    ndup_passage_family family = {.number = e->numbers[i],
                                  .count = count,
                                  .documents = e->family_documents[i],
                                  .passages = e->family_passages[i]};
    if (family.number == UINT64_MAX) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(e->run->allocator, &e->places, &e->place_capacity, count,
                                       sizeof *e->places, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t k = 0; k < count; k++) {
        e->places[k] = place_of(e, families->order[families->first[i] + k]);
    }
    qsort(e->places, count, sizeof *e->places, compare_places);
    family.places = e->places;
    for (size_t k = 0; k < e->sink_count && status == NDUP_STATUS_OK; k++) {
        if (e->sinks[k]->family != NULL) {
            /* Again for each: a sink may have read another document. */
            status = read_place(&family.text, e, &e->places[0], error);
        }
        if (e->sinks[k]->family != NULL && status == NDUP_STATUS_OK) {
            status = e->sinks[k]->family(e->sinks[k]->context, &family, error);
        }
    }
    return status;
}

static bool wants_families(const emission *e)
{
    for (size_t i = 0; i < e->sink_count; i++) {
        if (e->sinks[i]->family != NULL) {
            return true;
        }
    }
    return false;
}

static ndup_status emit_all(emission *e, ndup_error *error)
{
    ndup__reuse_run *run = e->run;
    ndup_status status = ndup__allocate_zeroed(run->allocator, &e->has_passage, run->document_count,
                                               sizeof *e->has_passage, error);
    for (size_t i = 0; i < e->passage_count && status == NDUP_STATUS_OK; i++) {
        status = emit_passage(e, i, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reporter, i, e->passages[i].b, error);
        }
    }
    size_t families = wants_families(e) ? e->families.count : 0;
    for (size_t i = 0; i < families && status == NDUP_STATUS_OK; i++) {
        status = emit_family(e, i, error);
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < run->document_count; i++) {
        run->summary->documents_with += e->has_passage[i];
    }
    return status;
}

ndup_status ndup__reuse_emit(ndup__reuse_run *run, ndup__reuse_reader *reader,
                             ndup_passage_sink *const *sinks, size_t sink_count, ndup_error *error)
{
    const ndup_allocator *allocator = run->allocator;
    emission e = {.run = run,
                  .reader = reader,
                  .sinks = sinks,
                  .sink_count = sink_count,
                  .passages = run->passages.bytes,
                  .passage_count = run->passages.total / sizeof(ndup__stored_passage)};
    ndup_status status =
        ndup__reporter_begin(&run->reporter, NDUP_STAGE_WRITE, e.passage_count, error);
    if (status == NDUP_STATUS_OK) {
        status = make_families(&e, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_families(&e, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = emit_all(&e, error);
    }
    size_t families = e.families.count;
    ndup__free(allocator, &e.has_passage, run->document_count, sizeof *e.has_passage);
    ndup__free(allocator, &e.family_documents, families, sizeof(uint64_t));
    ndup__free(allocator, &e.family_passages, families, sizeof(uint64_t));
    ndup__free(allocator, &e.numbers, families, sizeof(uint64_t));
    ndup__free(allocator, &e.places, e.place_capacity, sizeof *e.places);
    ndup__families_deinit(&e.families);
    run->summary->seconds[NDUP_STAGE_WRITE] = ndup__reporter_seconds(&run->reporter);
    return status;
}
