/* SPDX-License-Identifier: MIT */
/* Documents counted by source. */
#ifndef NDUP__REPORT_SOURCES_H
#define NDUP__REPORT_SOURCES_H

#include "base/arena.h"
#include "neardup/dedup.h"
#include "neardup/document.h"

/* What one source gave. */
typedef struct ndup__source_counts {
    ndup_text name; /* empty for documents without source and address */
    uint64_t documents;
    uint64_t dropped;
    uint64_t repeated; /* documents, of any source, dropped in favour of one of this source */
} ndup__source_counts;

/* Zero-initialise and set the allocator. Memory: 4 bytes a document, and the names. */
typedef struct ndup__sources {
    const ndup_allocator *allocator;
    ndup__arena names;
    ndup__source_counts *rows; /* [count] in the order in which they came */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* [slot_count] hash table: 1 + row, 0 = free */
    size_t slot_count;
    uint64_t slot_key;
    uint32_t last;         /* row found last: most often the next document has the same source */
    uint32_t *of_document; /* [document_count] row of each document */
    size_t document_count;
    size_t document_capacity;
} ndup__sources;

/* The document's source, or the host of its address; borrowed from it. */
ndup_text ndup__source_name(const ndup_document *document);

/* Counts the next document, in corpus order: its source, or the host of its address where it has
 * none. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__sources_add(ndup__sources *sources, const ndup_document *document,
                                             ndup_error *error);

/* The row of the document's source, made if there is none; counts nothing. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__sources_row(uint32_t *row, ndup__sources *sources,
                                             const ndup_document *document, ndup_error *error);

/* The row of a name, made if there is none. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__sources_find(uint32_t *row, ndup__sources *sources, ndup_text name,
                                              ndup_error *error);

/* Forgets all rows and documents; the memory stays. */
void ndup__sources_reset(ndup__sources *sources);

/* Name of the source of a document that was added. */
ndup_text ndup__sources_name(const ndup__sources *sources, uint64_t document);

void ndup__sources_deinit(ndup__sources *sources);

#endif
