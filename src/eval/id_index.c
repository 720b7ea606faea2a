/* SPDX-License-Identifier: MIT */
/* Open addressing by a keyed hash of the id; ids are compared byte by byte. */
#include "eval/id_index.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

static bool has_id(const ndup__id_index *index, uint32_t document, ndup_text id)
{
    ndup_text other = index->id_of(index->documents, document);
    return other.length == id.length &&
           (id.length == 0 || memcmp(other.bytes, id.bytes, id.length) == 0);
}

static size_t find_slot(const ndup__id_index *index, ndup_text id)
{
    size_t at = (size_t)ndup__hash_bytes(id.bytes, id.length, index->slot_key) & (index->size - 1);
    while (index->slots[at] != 0 && !has_id(index, index->slots[at] - 1, id)) {
        at = (at + 1) & (index->size - 1);
    }
    return at;
}

ndup_status ndup__id_index_init_of(ndup__id_index *index, const void *documents, ndup__id_of *id_of,
                                   size_t count, const ndup_allocator *allocator, ndup_error *error)
{
    *index = (ndup__id_index){.allocator = allocator,
                              .documents = documents,
                              .id_of = id_of,
                              .size = 16,
                              .slot_key = ndup__slot_key()};
    while (index->size < 2 * count) {
        index->size *= 2;
    }
    ndup_status status =
        ndup__allocate_zeroed(allocator, &index->slots, index->size, sizeof *index->slots, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        size_t slot = find_slot(index, id_of(documents, (uint32_t)i));
        index->slots[slot] = index->slots[slot] == 0 ? (uint32_t)i + 1 : index->slots[slot];
    }
    return status;
}

static ndup_text id_in_table(const void *documents, uint32_t i)
{
    return ndup__table_id(documents, i);
}

ndup_status ndup__id_index_init(ndup__id_index *index, const ndup__table *table, ndup_error *error)
{
    return ndup__id_index_init_of(index, table, id_in_table, table->count, table->allocator, error);
}

void ndup__id_index_deinit(ndup__id_index *index)
{
    ndup__free(index->allocator, &index->slots, index->size, sizeof *index->slots);
}

uint32_t ndup__id_index_document(const ndup__id_index *index, ndup_text id)
{
    uint32_t slot = index->slots[find_slot(index, id)];
    return slot == 0 ? NDUP__NO_DOCUMENT : slot - 1;
}

uint32_t ndup__id_index_class(const ndup__id_index *index, ndup_text id)
{
    const ndup__table *table = index->documents;
    uint32_t document = ndup__id_index_document(index, id);
    return document == NDUP__NO_DOCUMENT ? NDUP__NO_CLASS : table->classes[document];
}
