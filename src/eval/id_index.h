/* SPDX-License-Identifier: MIT */
/* The documents of a result by their ids. */
#ifndef NDUP__EVAL_ID_INDEX_H
#define NDUP__EVAL_ID_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "dedup/table.h"

/* A hash table over the ids of a table, which must stay. Threads: immutable once made. */
typedef struct ndup__id_index {
    const ndup__table *table;
    uint32_t *slots; /* [size] 1 + document, 0 = free */
    size_t size;
    uint64_t slot_key;
} ndup__id_index;

/* Of documents with one id the first is found. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__id_index_init(ndup__id_index *index, const ndup__table *table,
                                               ndup_error *error);
void ndup__id_index_deinit(ndup__id_index *index);

/* The class of the document of that id, or NDUP__NO_CLASS when there is none. */
uint32_t ndup__id_index_class(const ndup__id_index *index, ndup_text id);

#endif
