/* SPDX-License-Identifier: MIT */
/* A hash table of source names, a row number for each document, and who repeats whom. */
#include "report/sources.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "report/out.h"
#include "report/url.h"

#define NAME_BYTES 200
#define SLOTS_MIN 64

static bool is_named(const ndup__source_counts *row, ndup_text name)
{
    return row->name.length == name.length &&
           (name.length == 0 || memcmp(row->name.bytes, name.bytes, name.length) == 0);
}

static size_t find_slot(const ndup__sources *sources, ndup_text name)
{
    size_t mask = sources->slot_count - 1;
    size_t slot = (size_t)ndup__hash_bytes(name.bytes, name.length, sources->slot_key) & mask;
    for (; sources->slots[slot] != 0; slot = (slot + 1) & mask) {
        if (is_named(&sources->rows[sources->slots[slot] - 1], name)) {
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
    sources->slot_key = ndup__slot_key();
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
    if (sources->last < sources->count && is_named(&sources->rows[sources->last], name)) {
        *row = sources->last;
        return NDUP_STATUS_OK;
    }
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
    sources->last = status == NDUP_STATUS_OK ? sources->slots[slot] - 1 : 0;
    *row = sources->last;
    return status;
}

ndup_text ndup__source_name(const ndup_document *document)
{
    ndup_text name = document->source.length > 0 ? document->source : ndup__url_host(document->url);
    name.length = ndup__cut_at_character(name, NAME_BYTES);
    return name;
}

ndup_status ndup__sources_row(uint32_t *row, ndup__sources *sources, const ndup_document *document,
                              ndup_error *error)
{
    return ndup__sources_find(row, sources, ndup__source_name(document), error);
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
