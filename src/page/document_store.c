/* SPDX-License-Identifier: MIT */
/* A file of records, each a head of lengths and the bytes behind it, written through a buffer. */
#include "page/document_store.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"
#include "report/out.h"

#define BUFFER_BYTES ((size_t)1 << 17)
#define FILE_NAME "the temporary file of the report"

enum { PART_ID, PART_SOURCE, PART_URL, PART_DATE, PART_TITLE, PART_TEXT, PART_COUNT };

/* What stands in front of the parts of a document. Nobody but this program reads the file. */
typedef struct record_head {
    uint64_t text_characters;
    uint32_t lengths[PART_COUNT];
    uint8_t is_cut;
    uint8_t has_text;
} record_head;

typedef struct place {
    uint64_t number;
    uint64_t offset;
} place;

struct ndup__document_store {
    const ndup_allocator *allocator;
    int descriptor; /* -1 = none yet */
    char *buffer;   /* [BUFFER_BYTES], held used */
    size_t held;
    uint64_t written; /* bytes in the file */
    place *places;    /* [count] by number */
    size_t count;
    size_t capacity;
};

ndup_status ndup__document_store_new(ndup__document_store **out, const char *folder,
                                     const ndup_allocator *allocator, ndup_error *error)
{
    ndup__document_store *store;
    *out = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &store, 1, sizeof *store, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    store->allocator = allocator;
    store->descriptor = -1;
    status = ndup__resize(allocator, &store->buffer, 0, BUFFER_BYTES, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__temporary_file_open(&store->descriptor, folder, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__document_store_free(store);
        return status;
    }
    *out = store;
    return NDUP_STATUS_OK;
}

void ndup__document_store_free(ndup__document_store *store)
{
    if (store == NULL) {
        return;
    }
    const ndup_allocator *allocator = store->allocator;
    if (store->descriptor >= 0) {
        ndup__file_close_quietly(store->descriptor);
    }
    ndup__free(allocator, &store->buffer, store->buffer != NULL ? BUFFER_BYTES : 0, 1);
    ndup__free(allocator, &store->places, store->capacity, sizeof *store->places);
    ndup__free(allocator, &store, 1, sizeof *store);
}

static ndup_status flush(ndup__document_store *store, ndup_error *error)
{
    ndup_status status =
        ndup__file_write_all(store->descriptor, store->buffer, store->held, FILE_NAME, error);
    if (status == NDUP_STATUS_OK) {
        store->written += store->held;
        store->held = 0;
    }
    return status;
}

static ndup_status put(ndup__document_store *store, const void *bytes, size_t length,
                       ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (length > BUFFER_BYTES - store->held) {
        status = flush(store, error);
    }
    if (status == NDUP_STATUS_OK && length > 0) { /* no part is longer than the buffer */
        memcpy(store->buffer + store->held, bytes, length);
        store->held += length;
    }
    return status;
}

static ndup_status store_document(ndup__document_store *store, const ndup_document *document,
                                  size_t text_bytes, ndup_error *error)
{
    ndup_text parts[PART_COUNT] = {document->id,   document->source, document->url,
                                   document->date, document->title,  document->text};
    record_head head = {.text_characters = ndup__count_characters(document->text),
                        .has_text = text_bytes > 0};
    for (size_t i = 0; i < PART_COUNT; i++) {
        size_t most = i == PART_TEXT ? text_bytes : NDUP__STORED_PART_BYTES;
        size_t kept = ndup__cut_at_character(parts[i], most);
        head.is_cut = i == PART_TEXT && kept < parts[i].length;
        head.lengths[i] = (uint32_t)kept;
    }
    ndup_status status = ndup__reserve(store->allocator, &store->places, &store->capacity,
                                       store->count + 1, sizeof *store->places, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    store->places[store->count++] = (place){document->number, store->written + store->held};
    status = put(store, &head, sizeof head, error);
    for (size_t i = 0; i < PART_COUNT && status == NDUP_STATUS_OK; i++) {
        status = put(store, parts[i].bytes, head.lengths[i], error);
    }
    return status;
}

ndup_status ndup__document_store_add(ndup__document_store *store, const ndup_document *document,
                                     bool with_text, ndup_error *error)
{
    return store_document(store, document, with_text ? NDUP__STORED_TEXT_BYTES : 0, error);
}

ndup_status ndup__document_store_add_beginning(ndup__document_store *store,
                                               const ndup_document *document, size_t text_bytes,
                                               ndup_error *error)
{
    return store_document(
        store, document,
        text_bytes < NDUP__STORED_TEXT_BYTES ? text_bytes : NDUP__STORED_TEXT_BYTES, error);
}

static const place *find_place(const ndup__document_store *store, uint64_t number)
{
    size_t low = 0;
    size_t high = store->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (store->places[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < store->count && store->places[low].number == number ? &store->places[low] : NULL;
}

static ndup_status read_exactly(ndup__document_store *store, void *bytes, size_t length,
                                uint64_t offset, ndup_error *error)
{
    size_t got;
    ndup_status status =
        ndup__file_read_at(store->descriptor, bytes, length, offset, &got, FILE_NAME, error);
    if (status == NDUP_STATUS_OK && got < length) {
        status = ndup__fail(error, NDUP_STATUS_IO, "%s ends too early", FILE_NAME);
    }
    return status;
}

ndup_status ndup__document_store_get(ndup__stored *stored, ndup__stored_room *room,
                                     ndup__document_store *store, uint64_t number,
                                     ndup_error *error)
{
    record_head head;
    size_t length = 0;
    const place *found = find_place(store, number);
    if (found == NULL) {
        return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "document %llu is not in the report",
                          (unsigned long long)number);
    }
    ndup_status status = store->held > 0 ? flush(store, error) : NDUP_STATUS_OK;
    if (status == NDUP_STATUS_OK) {
        status = read_exactly(store, &head, sizeof head, found->offset, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < PART_COUNT; i++) {
        length += head.lengths[i];
    }
    status = ndup__reserve(room->allocator, &room->bytes, &room->capacity, length + 1, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = read_exactly(store, room->bytes, length, found->offset + sizeof head, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *stored = (ndup__stored){.number = number,
                             .text_characters = head.text_characters,
                             .is_cut = head.is_cut != 0,
                             .has_text = head.has_text != 0};
    ndup_text *const parts[PART_COUNT] = {&stored->id,   &stored->source, &stored->url,
                                          &stored->date, &stored->title,  &stored->text};
    const char *at = room->bytes;
    for (size_t i = 0; i < PART_COUNT; i++) {
        *parts[i] = (ndup_text){at, head.lengths[i]};
        at += head.lengths[i];
    }
    return NDUP_STATUS_OK;
}

void ndup__stored_room_deinit(ndup__stored_room *room)
{
    ndup__free(room->allocator, &room->bytes, room->capacity, 1);
    room->capacity = 0;
}
