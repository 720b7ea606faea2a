/* SPDX-License-Identifier: MIT */
/* What an index wants of a document: made without looking at the index, by as many threads as there
 * are. */
#ifndef NDUP__INDEX_PREPARED_H
#define NDUP__INDEX_PREPARED_H

#include "base/arena.h"
#include "codec/packed_text.h"
#include "dedup/text_sketch.h"
#include "index/row_keys.h"

/* One document, prepared. Reused; zero-initialise and set the allocator. */
typedef struct ndup__prepared {
    const ndup_allocator *allocator;
    ndup_text id, url, source, title, date; /* borrowed from the document */
    uint64_t length;                        /* of the text, in bytes */
    ndup_reading reading;
    uint64_t token_count;
    uint64_t text_hash;
    uint64_t class_hash[2];
    uint8_t *row; /* [row bytes] */
    size_t row_capacity;
    uint32_t *keys; /* [tables]; that of grams is 0 */
    size_t key_capacity;
    uint32_t *grams; /* [gram_count] where texts that contain others are looked for */
    size_t gram_count, gram_capacity;
    char *tokens; /* [token_bytes] coded; none in indexes of sketches only */
    size_t token_bytes, token_capacity;
    char *text; /* [text_bytes] compressed, where texts are kept */
    size_t text_bytes, text_capacity;
    bool is_dated;
    int64_t time;
    int64_t added; /* when, of a document that comes from another index; else 0 */
} ndup__prepared;

void ndup__prepared_deinit(ndup__prepared *prepared);

/* Work space of one thread. */
typedef struct ndup__preparer {
    const ndup__index_settings *settings;
    ndup__stopwatch watch; /* does not run */
    ndup__text_sketch sketch;
    ndup__token_list list;
    ndup__gram_maker grams;
    ndup__packer *packer; /* where texts are kept; else NULL */
} ndup__preparer;

/* Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__preparer_init(ndup__preparer *preparer,
                                               const ndup__index_settings *settings,
                                               const ndup_allocator *allocator, ndup_error *error);
void ndup__preparer_deinit(ndup__preparer *preparer);

/* Errors: MEMORY; LIMIT for a text of 4 GiB. */
NDUP_NODISCARD ndup_status ndup__prepare(ndup__preparer *preparer, ndup__prepared *prepared,
                                         const ndup_document *document, ndup_error *error);

/* The same from what the database has of a document; everything is copied into the arena. Errors:
 * CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__prepare_stored(ndup__prepared *prepared, ndup__arena *arena,
                                                ndup__row_keys *room,
                                                const ndup__stored_document *document,
                                                const ndup__stored_sketch *sketch,
                                                ndup_error *error);

/* The keys that are noted of a document that stands for its family, or does not. */
ndup__document_keys ndup__prepared_keys(const ndup__prepared *prepared,
                                        const ndup__index_settings *settings, bool stands);

#endif
