/* SPDX-License-Identifier: MIT */
/* Documents by their ids. */
#ifndef NDUP__EVAL_ID_INDEX_H
#define NDUP__EVAL_ID_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "dedup/table.h"

#define NDUP__NO_DOCUMENT UINT32_MAX

/* The id of a document of `documents`. */
typedef ndup_text ndup__id_of(const void *documents, uint32_t i);

/* A hash table over the ids of documents, which must stay. Threads: immutable once made. */
typedef struct ndup__id_index {
    const ndup_allocator *allocator;
    const void *documents;
    ndup__id_of *id_of;
    uint32_t *slots; /* [size] 1 + document, 0 = free */
    size_t size;
    uint64_t slot_key;
} ndup__id_index;

/* Of documents with one id the first is found. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__id_index_init(ndup__id_index *index, const ndup__table *table,
                                               ndup_error *error);
/* The same for documents that are no table. */
NDUP_NODISCARD ndup_status ndup__id_index_init_of(ndup__id_index *index, const void *documents,
                                                  ndup__id_of *id_of, size_t count,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__id_index_deinit(ndup__id_index *index);

/* The document of that id, or NDUP__NO_DOCUMENT when there is none. */
uint32_t ndup__id_index_document(const ndup__id_index *index, ndup_text id);

/* The class of the document of that id in the index of a table, or NDUP__NO_CLASS. */
uint32_t ndup__id_index_class(const ndup__id_index *index, ndup_text id);

#endif
