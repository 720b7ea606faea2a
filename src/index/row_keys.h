/* SPDX-License-Identifier: MIT */
/* All keys by which a document is found. */
#ifndef NDUP__INDEX_ROW_KEYS_H
#define NDUP__INDEX_ROW_KEYS_H

#include "index/settings.h"
#include "index/token_list.h"
#include "passage/winnow.h"

/* A key in each of the tables in front of the grams, and any number in that of the grams. Borrowed.
 */
typedef struct ndup__document_keys {
    const uint32_t *keys;  /* [key_count] */
    uint32_t key_count;    /* those of bands only of what stands for its family and has words */
    const uint32_t *grams; /* [gram_count] different ones, likewise */
    size_t gram_count;
} ndup__document_keys;

/* Grams of texts: winnowed runs of tokens. Work space; see init. Threads: single-owner. */
typedef struct ndup__gram_maker {
    const ndup__index_settings *settings;
    ndup__winnow winnow;
    ndup__passage_text text; /* borrows the tokens */
    uint32_t *grams;         /* [count] the result */
    size_t count, capacity;
} ndup__gram_maker;

NDUP_NODISCARD ndup_status ndup__gram_maker_init(ndup__gram_maker *maker,
                                                 const ndup__index_settings *settings,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__gram_maker_deinit(ndup__gram_maker *maker);

/* The grams of a text as the index keeps it: none in indexes that do not look for containment.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__gram_maker_make(ndup__gram_maker *maker,
                                                 const ndup__token_list *list, ndup_error *error);

/* Work space for keys of rows. */
typedef struct ndup__row_keys {
    ndup__gram_maker maker;
    ndup__token_list list;
    uint32_t *keys; /* [tables]; that of grams is 0 */
} ndup__row_keys;

NDUP_NODISCARD ndup_status ndup__row_keys_init(ndup__row_keys *room,
                                               const ndup__index_settings *settings,
                                               const ndup_allocator *allocator, ndup_error *error);
void ndup__row_keys_deinit(ndup__row_keys *room);

/* The keys of a document as the database has it. Errors: CORRUPT for a packed sketch of another
 * length, or damaged tokens; MEMORY. */
NDUP_NODISCARD ndup_status ndup__row_keys_make(ndup__row_keys *room, ndup__document_keys *keys,
                                               const ndup__stored_document *document,
                                               const ndup__stored_sketch *sketch,
                                               ndup_error *error);

#endif
