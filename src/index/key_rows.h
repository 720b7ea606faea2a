/* SPDX-License-Identifier: MIT */
/* Keys of documents in the order of their numbers, until a segment is made of them. */
#ifndef NDUP__INDEX_KEY_ROWS_H
#define NDUP__INDEX_KEY_ROWS_H

#include "index/row_keys.h"
#include "spill/column.h"

/* Threads: single-owner; see init. */
typedef struct ndup__key_rows {
    const ndup__index_settings *settings;
    const ndup_allocator *allocator;
    uint32_t *block;      /* the last documents: all keys of a table stand together */
    size_t count;         /* documents */
    ndup__column blocks;  /* those before */
    ndup__column numbers; /* of the documents, with how many of their keys there are */
    ndup__column grams;   /* a key and a number each */
} ndup__key_rows;

/* Memory: 64 MB at most; what is more goes to temporary files. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__key_rows_init(ndup__key_rows *rows,
                                               const ndup__index_settings *settings,
                                               const ndup_allocator *allocator, ndup_error *error);
void ndup__key_rows_deinit(ndup__key_rows *rows);

/* Adds the keys of a document whose number is behind those before it. Errors: MEMORY, IO. */
NDUP_NODISCARD ndup_status ndup__key_rows_add(ndup__key_rows *rows, uint32_t number,
                                              const ndup__document_keys *keys, ndup_error *error);

/* Entries that are sorted together at most. */
size_t ndup__key_rows_longest(const ndup__key_rows *rows);

/* Writes the segment that speaks for first..last; nothing can be added afterwards. Memory: 16 bytes
 * a document for each of up to five tables. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__key_rows_write(ndup__key_rows *rows, const char *path,
                                                uint32_t first, uint32_t last, ndup_error *error);

#endif
