/* SPDX-License-Identifier: MIT */
/* Putting the documents of a table in keep order, and finding repeated ids. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "pipeline/table.h"
#include "text/shingle.h"

typedef int (*document_order)(const ndup__table *table, uint32_t a, uint32_t b);

/* Bottom-up merge sort with context; `scratch` has room for count. */
static void merge_sort(const ndup__table *table, uint32_t *items, uint32_t *scratch, size_t count,
                       document_order order)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t middle = begin + width < count ? begin + width : count;
            size_t end = begin + 2 * width < count ? begin + 2 * width : count;
            size_t left = begin;
            size_t right = middle;
            for (size_t out = begin; out < end; out++) {
                bool from_left =
                    left < middle && (right >= end || order(table, items[left], items[right]) <= 0);
                scratch[out] = from_left ? items[left++] : items[right++];
            }
        }
        memcpy(items, scratch, count * sizeof *items);
    }
}

static int compare_texts(ndup_text a, ndup_text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int difference = shorter > 0 ? memcmp(a.bytes, b.bytes, shorter) : 0;
    return difference != 0 ? difference : (a.length > b.length) - (a.length < b.length);
}

static int keep_order(const ndup__table *table, uint32_t a, uint32_t b)
{
    int difference = table->protections[b] - table->protections[a];
    if (difference == 0 && table->keep_values != NULL) {
        unsigned count = table->policy->count;
        difference = ndup__keep_compare(table->policy, table->keep_values + (size_t)a * count,
                                        table->keep_values + (size_t)b * count);
    }
    if (difference == 0 && table->keep_values != NULL) {
        difference = compare_texts(ndup__table_id(table, a), ndup__table_id(table, b));
    }
    return difference != 0 ? difference : (a > b) - (a < b);
}

static bool is_input_order(const ndup__table *table)
{
    return table->keep_values == NULL &&
           (table->count == 0 || memchr(table->protections, 1, table->count) == NULL);
}

/* Classes in the order of their best documents. */
static void rank_classes(ndup__table *table, const uint32_t *documents)
{
    size_t rank = 0;
    memset(table->class_ranks, 0xFF, table->class_count * sizeof *table->class_ranks);
    for (size_t i = 0; i < table->count; i++) {
        uint32_t class_number = table->classes[documents[i]];
        if (table->class_ranks[class_number] == NDUP__NO_CLASS) {
            table->class_ranks[class_number] = (uint32_t)rank;
            table->class_order[rank++] = class_number;
            table->class_documents[class_number] = documents[i];
        }
    }
}

ndup_status ndup__table_rank(ndup__table *table, ndup_error *error)
{
    if (is_input_order(table)) {
        return NDUP_STATUS_OK;
    }
    uint32_t *documents = NULL;
    uint32_t *scratch = NULL;
    ndup_status status =
        ndup__resize(table->allocator, &documents, 0, table->count, sizeof *documents, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(table->allocator, &scratch, 0, table->count, sizeof *scratch, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(table->allocator, &table->class_order, 0, table->class_count,
                              sizeof *table->class_order, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(table->allocator, &table->class_ranks, 0, table->class_count,
                              sizeof *table->class_ranks, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < table->count; i++) {
            documents[i] = (uint32_t)i;
        }
        merge_sort(table, documents, scratch, table->count, keep_order);
        rank_classes(table, documents);
    }
    ndup__free(table->allocator, &documents, table->count, sizeof *documents);
    ndup__free(table->allocator, &scratch, table->count, sizeof *scratch);
    return status;
}

static uint64_t id_hash(const ndup__table *table, size_t document)
{
    ndup_text id = ndup__table_id(table, document);
    return ndup__hash_bytes(id.bytes, id.length, 0);
}

/* Whether any two ids have the same hash: the common case is that none have. */
static ndup_status has_equal_hashes(bool *answer, const ndup__table *table, ndup_error *error)
{
    uint64_t *hashes = NULL;
    uint64_t *scratch = NULL;
    ndup_status status =
        ndup__resize(table->allocator, &hashes, 0, table->count, sizeof *hashes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(table->allocator, &scratch, 0, table->count, sizeof *scratch, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < table->count; i++) {
            hashes[i] = id_hash(table, i);
        }
        *answer = ndup__sort_distinct(hashes, scratch, table->count) < table->count;
    }
    ndup__free(table->allocator, &hashes, table->count, sizeof *hashes);
    ndup__free(table->allocator, &scratch, table->count, sizeof *scratch);
    return status;
}

static ndup_status visit_repeats(uint64_t *repeats, const ndup__table *table,
                                 ndup__repeat_visitor visit, void *context, ndup_error *error)
{
    size_t size = 16;
    while (size < 2 * table->count) {
        size *= 2;
    }
    uint32_t *slots;
    ndup_status status =
        ndup__allocate_zeroed(table->allocator, &slots, size, sizeof *slots, error);
    for (size_t i = 0; i < table->count && status == NDUP_STATUS_OK; i++) {
        ndup_text id = ndup__table_id(table, i);
        size_t at = id_hash(table, i) & (size - 1);
        while (slots[at] != 0 && compare_texts(ndup__table_id(table, slots[at] - 1), id) != 0) {
            at = (at + 1) & (size - 1);
        }
        if (slots[at] == 0) {
            slots[at] = (uint32_t)i + 1;
        } else {
            (*repeats)++;
            visit(context, i, slots[at] - 1);
        }
    }
    ndup__free(table->allocator, &slots, size, sizeof *slots);
    return status;
}

ndup_status ndup__table_repeated_ids(uint64_t *repeats, const ndup__table *table,
                                     ndup__repeat_visitor visit, void *context, ndup_error *error)
{
    bool possible = false;
    *repeats = 0;
    ndup_status status = has_equal_hashes(&possible, table, error);
    return status == NDUP_STATUS_OK && possible
               ? visit_repeats(repeats, table, visit, context, error)
               : status;
}
