/* SPDX-License-Identifier: MIT */
/* Documents put aside in a temporary file, to be had again in any order. */
#ifndef NDUP__PAGE_DOCUMENT_STORE_H
#define NDUP__PAGE_DOCUMENT_STORE_H

#include <stdbool.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Longest text, and longest other part, that is kept; the rest is cut off at a character. */
#define NDUP__STORED_TEXT_BYTES ((size_t)1 << 16)
#define NDUP__STORED_PART_BYTES ((size_t)2048)

/* A document as it was stored. The parts are borrowed from the room it was read into. */
typedef struct ndup__stored {
    uint64_t number;
    uint64_t text_characters; /* of the whole text: code points */
    bool is_cut;              /* the text goes on */
    bool has_text;
    ndup_text id, source, url, date, title, text;
} ndup__stored;

/* Room for one document, reused. Zero-initialise and set the allocator. */
typedef struct ndup__stored_room {
    const ndup_allocator *allocator;
    char *bytes;
    size_t capacity;
} ndup__stored_room;

/* Threads: single-owner. Memory: 16 bytes a stored document. */
typedef struct ndup__document_store ndup__document_store;

/* `folder` holds the temporary file, which has no name; NULL = TMPDIR or /tmp. */
NDUP_NODISCARD ndup_status ndup__document_store_new(ndup__document_store **store,
                                                    const char *folder,
                                                    const ndup_allocator *allocator,
                                                    ndup_error *error);
void ndup__document_store_free(ndup__document_store *store);

/* Stores a document, with its text or without. Numbers must rise. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__document_store_add(ndup__document_store *store,
                                                    const ndup_document *document, bool with_text,
                                                    ndup_error *error);

/* The same with at most `text_bytes` of the text, of which is_cut and text_characters tell. */
NDUP_NODISCARD ndup_status ndup__document_store_add_beginning(ndup__document_store *store,
                                                              const ndup_document *document,
                                                              size_t text_bytes, ndup_error *error);

/* Reads document `number` back. Errors: NOT_FOUND when it was not stored, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__document_store_get(ndup__stored *stored, ndup__stored_room *room,
                                                    ndup__document_store *store, uint64_t number,
                                                    ndup_error *error);

void ndup__stored_room_deinit(ndup__stored_room *room);

#endif
