/* SPDX-License-Identifier: MIT */
/* Open addressing by a keyed hash of the id; ids are compared byte by byte. */
#include "eval/id_index.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

static bool has_id(const ndup__id_index *index, uint32_t document, ndup_text id)
{
    ndup_text other = ndup__table_id(index->table, document);
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

ndup_status ndup__id_index_init(ndup__id_index *index, const ndup__table *table, ndup_error *error)
{
    *index = (ndup__id_index){.table = table, .size = 16, .slot_key = ndup__slot_key()};
    while (index->size < 2 * table->count) {
        index->size *= 2;
    }
    ndup_status status = ndup__allocate_zeroed(table->allocator, &index->slots, index->size,
                                               sizeof *index->slots, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < table->count; i++) {
        size_t slot = find_slot(index, ndup__table_id(table, i));
        index->slots[slot] = index->slots[slot] == 0 ? (uint32_t)i + 1 : index->slots[slot];
    }
    return status;
}

void ndup__id_index_deinit(ndup__id_index *index)
{
    if (index->table != NULL) {
        ndup__free(index->table->allocator, &index->slots, index->size, sizeof *index->slots);
    }
}

uint32_t ndup__id_index_class(const ndup__id_index *index, ndup_text id)
{
    uint32_t document = index->slots[find_slot(index, id)];
    return document == 0 ? NDUP__NO_CLASS : index->table->classes[document - 1];
}
