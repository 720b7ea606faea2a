/* SPDX-License-Identifier: MIT */
/* Making the segment of any number of documents. */
#ifndef NDUP__INDEX_SEGMENT_MAKER_H
#define NDUP__INDEX_SEGMENT_MAKER_H

#include "index/key_rows.h"
#include "pipeline/progress.h"
#include "store/segment.h"

/* Threads: single-owner. */
typedef struct ndup__segment_maker {
    const ndup__index_settings *settings;
    const ndup_allocator *allocator;
    const char *folder;
    uint32_t first;        /* number of the segment */
    uint32_t part_first;   /* of what is not written yet */
    ndup__segment **parts; /* [part_count] that are to be merged; their files have no name */
    size_t part_count, part_capacity;
    ndup__key_rows rows; /* of documents from part_first on */
    size_t part_entries; /* of one table that are sorted together at most; less in tests */
} ndup__segment_maker;

/* Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__segment_maker_init(ndup__segment_maker *maker,
                                                    const ndup__index_settings *settings,
                                                    const char *folder, uint32_t first,
                                                    const ndup_allocator *allocator,
                                                    ndup_error *error);

void ndup__segment_maker_deinit(ndup__segment_maker *maker);

/* Adds the keys of a document whose number is behind those before it. After each 16 million of one
 * table a part is written. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__segment_maker_add(ndup__segment_maker *maker, uint32_t number,
                                                   const ndup__document_keys *keys,
                                                   ndup_error *error);

/* Writes the segment that speaks for all numbers from the first to this one. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__segment_maker_end(ndup__segment_maker *maker, uint32_t last,
                                                   ndup_error *error);

/* The segment of the documents first..last of a database: within a transaction. `reporter`, which
 * may be NULL, hears of rows. Errors: those of the database as well; CANCELLED. */
NDUP_NODISCARD ndup_status ndup__segment_build(const ndup__index_settings *settings,
                                               ndup__database *database, const char *folder,
                                               uint32_t first, uint32_t last,
                                               ndup__reporter *reporter,
                                               const ndup_allocator *allocator, ndup_error *error);

#endif
