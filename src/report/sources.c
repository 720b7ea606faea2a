/* SPDX-License-Identifier: MIT */
/* A hash table of source names, a row number for each document, and who repeats whom. */
#include "report/sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "report/out.h"
#include "report/url.h"

#define NAME_BYTES 200
#define SLOTS_MIN 64

static size_t find_slot(const ndup__sources *sources, ndup_text name)
{
    size_t mask = sources->slot_count - 1;
    size_t slot = (size_t)ndup__hash_bytes(name.bytes, name.length, 0) & mask;
    for (; sources->slots[slot] != 0; slot = (slot + 1) & mask) {
        ndup_text other = sources->rows[sources->slots[slot] - 1].name;
        if (other.length == name.length &&
            (name.length == 0 || memcmp(other.bytes, name.bytes, name.length) == 0)) {
            break;
        }
    }
    return slot;
}

static ndup_status grow_slots(ndup__sources *sources, ndup_error *error)
{
    size_t old_count = sources->slot_count;
    size_t wanted = old_count > 0 ? 2 * old_count : SLOTS_MIN;
    uint32_t *slots;
    ndup_status status =
        ndup__allocate_zeroed(sources->allocator, &slots, wanted, sizeof *slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__free(sources->allocator, &sources->slots, old_count, sizeof *sources->slots);
    sources->slots = slots;
    sources->slot_count = wanted;
    for (size_t i = 0; i < sources->count; i++) {
        sources->slots[find_slot(sources, sources->rows[i].name)] = (uint32_t)i + 1;
    }
    return NDUP_STATUS_OK;
}

static ndup_status add_row(ndup__sources *sources, size_t slot, ndup_text name, ndup_error *error)
{
    char *copy;
    sources->names.allocator = sources->allocator;
    ndup_status status = ndup__reserve(sources->allocator, &sources->rows, &sources->capacity,
                                       sources->count + 1, sizeof *sources->rows, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&sources->names, &copy, name.bytes, name.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        sources->rows[sources->count++] = (ndup__source_counts){.name = {copy, name.length}};
        sources->slots[slot] = (uint32_t)sources->count;
    }
    return status;
}

ndup_status ndup__sources_find(uint32_t *row, ndup__sources *sources, ndup_text name,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (2 * sources->count >= sources->slot_count) {
        status = grow_slots(sources, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t slot = find_slot(sources, name);
    if (sources->slots[slot] == 0) {
        status = add_row(sources, slot, name, error);
    }
    *row = status == NDUP_STATUS_OK ? sources->slots[slot] - 1 : 0;
    return status;
}

ndup_status ndup__sources_row(uint32_t *row, ndup__sources *sources, const ndup_document *document,
                              ndup_error *error)
{
    ndup_text name = document->source.length > 0 ? document->source : ndup__url_host(document->url);
    name.length = ndup__cut_at_character(name, NAME_BYTES);
    return ndup__sources_find(row, sources, name, error);
}

void ndup__sources_reset(ndup__sources *sources)
{
    ndup__arena_reset(&sources->names);
    if (sources->slot_count > 0) {
        memset(sources->slots, 0, sources->slot_count * sizeof *sources->slots);
    }
    sources->count = 0;
    sources->document_count = 0;
}

ndup_status ndup__sources_add(ndup__sources *sources, const ndup_document *document,
                              ndup_error *error)
{
    uint32_t row;
    ndup_status status =
        ndup__reserve(sources->allocator, &sources->of_document, &sources->document_capacity,
                      sources->document_count + 1, sizeof *sources->of_document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__sources_row(&row, sources, document, error);
    }
    if (status == NDUP_STATUS_OK) {
        sources->of_document[sources->document_count++] = row;
        sources->rows[row].documents++;
    }
    return status;
}

ndup_text ndup__sources_name(const ndup__sources *sources, uint64_t document)
{
    return sources->rows[sources->of_document[document]].name;
}

/* A row with what it is sorted by. */
typedef struct ranked_row {
    uint64_t repeats;
    uint64_t documents;
    uint32_t row;
} ranked_row;

static int more_repeats_first(const void *left, const void *right)
{
    const ranked_row *a = left;
    const ranked_row *b = right;
    if (a->repeats != b->repeats) {
        return a->repeats < b->repeats ? 1 : -1;
    }
    if (a->documents != b->documents) {
        return a->documents < b->documents ? 1 : -1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static ndup_status rank_rows(ndup__source_matrix *matrix, const ndup__sources *sources,
                             ndup_error *error)
{
    ranked_row *ranked = NULL;
    ndup_status status =
        ndup__resize(sources->allocator, &ranked, 0, sources->count, sizeof *ranked, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const ndup__source_counts *row = &sources->rows[i];
        ranked[i] = (ranked_row){row->dropped + row->repeated, row->documents, (uint32_t)i};
    }
    if (sources->count > 0) {
        qsort(ranked, sources->count, sizeof *ranked, more_repeats_first);
    }
    for (size_t i = 0; i < sources->count; i++) {
        matrix->order[i] = ranked[i].row;
    }
    ndup__free(sources->allocator, &ranked, sources->count, sizeof *ranked);
    return NDUP_STATUS_OK;
}

static void fill_matrix(ndup__source_matrix *matrix, const ndup__sources *sources,
                        const ndup_result *result, const uint32_t *places)
{
    for (uint64_t i = 0; i < sources->document_count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept && verdict.survivor != i) {
            uint32_t kept = places[sources->of_document[verdict.survivor]];
            uint32_t dropped = places[sources->of_document[i]];
            matrix->repeats[kept * matrix->size + dropped]++;
        }
    }
}

static void count_rows(ndup__sources *sources, const ndup_result *result)
{
    for (uint64_t i = 0; i < sources->document_count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept) {
            sources->rows[sources->of_document[i]].dropped++;
            sources->rows[sources->of_document[verdict.survivor]].repeated += verdict.survivor != i;
        }
    }
}

ndup_status ndup__sources_count(ndup__source_matrix *matrix, ndup__sources *sources,
                                const ndup_result *result, size_t most, ndup_error *error)
{
    uint32_t *places = NULL; /* by row: its place in the matrix */
    size_t rows = sources->count;
    *matrix = (ndup__source_matrix){
        .row_count = rows, .has_others = rows > most, .size = rows > most ? most + 1 : rows};
    count_rows(sources, result);
    ndup_status status =
        ndup__resize(sources->allocator, &matrix->order, 0, rows, sizeof *matrix->order, error);
    if (status == NDUP_STATUS_OK) {
        status = rank_rows(matrix, sources, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(sources->allocator, &matrix->repeats,
                                       matrix->size * matrix->size, sizeof *matrix->repeats, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(sources->allocator, &places, 0, rows, sizeof *places, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < rows; i++) {
            places[matrix->order[i]] = (uint32_t)(i < most ? i : most);
        }
        fill_matrix(matrix, sources, result, places);
    }
    ndup__free(sources->allocator, &places, rows, sizeof *places);
    return status;
}

void ndup__source_matrix_deinit(ndup__source_matrix *matrix, const ndup_allocator *allocator)
{
    ndup__free(allocator, &matrix->order, matrix->row_count, sizeof *matrix->order);
    ndup__free(allocator, &matrix->repeats, matrix->size * matrix->size, sizeof *matrix->repeats);
    matrix->row_count = matrix->size = 0;
}

void ndup__sources_deinit(ndup__sources *sources)
{
    ndup__free(sources->allocator, &sources->rows, sources->capacity, sizeof *sources->rows);
    ndup__free(sources->allocator, &sources->slots, sources->slot_count, sizeof *sources->slots);
    ndup__free(sources->allocator, &sources->of_document, sources->document_capacity,
               sizeof *sources->of_document);
    ndup__arena_deinit(&sources->names);
    sources->capacity = sources->slot_count = sources->document_capacity = 0;
    sources->count = sources->document_count = 0;
}
