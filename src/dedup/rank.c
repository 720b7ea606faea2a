/* SPDX-License-Identifier: MIT */
/* Putting the documents of a table in keep order, and finding repeated ids. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/key_groups.h"
#include "dedup/table.h"

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
                ndup__breathe_at(table->breath, out, NDUP__BREATH_ANYWHERE);
                bool from_left =
                    left < middle && (right >= end || order(table, items[left], items[right]) <= 0);
                scratch[out] = from_left ? items[left++] : items[right++];
            }
        }
        ndup__breath_copy(table->breath, items, scratch, count * sizeof *items);
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
    int difference = ndup__table_protects(table, b) - ndup__table_protects(table, a);
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
    return table->keep_values == NULL && !table->has_protected;
}

/* Classes in the order of their best documents. */
static void rank_classes(ndup__table *table, const uint32_t *documents)
{
    size_t rank = 0;
    ndup__breath_fill(table->breath, table->class_ranks, 0xFF,
                      table->class_count * sizeof *table->class_ranks);
    for (size_t i = 0; i < table->count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        uint32_t class_number = table->classes[documents[i]];
        if (table->class_ranks[class_number] == NDUP__NO_CLASS) {
            table->class_ranks[class_number] = (uint32_t)rank;
            table->class_order[rank++] = class_number;
            table->class_documents[class_number] = documents[i];
        }
    }
}

void ndup__table_unrank(ndup__table *table)
{
    ndup__free(table->allocator, &table->class_order, table->class_count,
               sizeof *table->class_order);
    ndup__free(table->allocator, &table->class_ranks, table->class_count,
               sizeof *table->class_ranks);
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
            ndup__breathe_at(table->breath, i, NDUP__BREATH_IN_ORDER);
            documents[i] = (uint32_t)i;
        }
        merge_sort(table, documents, scratch, table->count, keep_order);
        rank_classes(table, documents);
    }
    ndup__free(table->allocator, &documents, table->count, sizeof *documents);
    ndup__free(table->allocator, &scratch, table->count, sizeof *scratch);
    return status;
}

/* A document whose id another one before it has. */
typedef struct repeat {
    uint32_t document;
    uint32_t first;
} repeat;

typedef struct repeat_search {
    const ndup__table *table;
    repeat *repeats;
    size_t count;
    size_t capacity;
} repeat_search;

static ndup_status compare_ids(void *context, uint32_t first, uint32_t document, uint32_t *mark,
                               bool *differs, ndup_error *error)
{
    repeat_search *search = context;
    const ndup__table *table = search->table;
    (void)mark;
    *differs = compare_texts(ndup__table_id(table, first), ndup__table_id(table, document)) != 0;
    if (*differs) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(table->allocator, &search->repeats, &search->capacity,
                                       search->count + 1, sizeof *search->repeats, error);
    if (status == NDUP_STATUS_OK) {
        search->repeats[search->count++] = (repeat){document, first};
    }
    return status;
}

static int by_document(const void *left, const void *right)
{
    const repeat *x = left;
    const repeat *y = right;
    return (x->document > y->document) - (x->document < y->document);
}

static ndup_status find_repeats(repeat_search *search, const uint32_t *keys, ndup_error *error)
{
    const ndup__table *table = search->table;
    ndup__key_groups space = {.allocator = table->allocator, .breath = table->breath};
    ndup_status status =
        ndup__key_groups_visit(&space, keys, NULL, table->count, compare_ids, search, error);
    ndup__key_groups_deinit(&space);
    if (search->count > 1) {
        qsort(search->repeats, search->count, sizeof *search->repeats, by_document);
    }
    return status;
}

ndup_status ndup__table_repeated_ids(uint64_t *repeats, const ndup__table *table,
                                     ndup__repeat_visitor visit, void *context, ndup_error *error)
{
    repeat_search search = {.table = table};
    uint32_t *keys = NULL;
    ndup_status status =
        ndup__resize(table->allocator, &keys, 0, table->count, sizeof *keys, error);
    if (status == NDUP_STATUS_OK) {
        const char *id = table->id_bytes;
        for (size_t i = 0; i < table->count; i++) {
            ndup__breathe_at(table->breath, i, NDUP__BREATH_IN_ORDER);
            keys[i] = (uint32_t)(ndup__hash_bytes(id, table->id_lengths[i], 0) >> 32);
            id += table->id_lengths[i];
        }
        status = find_repeats(&search, keys, error);
    }
    *repeats = search.count;
    for (size_t i = 0; i < search.count && status == NDUP_STATUS_OK; i++) {
        visit(context, search.repeats[i].document, search.repeats[i].first);
    }
    ndup__free(table->allocator, &keys, table->count, sizeof *keys);
    ndup__free(table->allocator, &search.repeats, search.capacity, sizeof *search.repeats);
    return status;
}
