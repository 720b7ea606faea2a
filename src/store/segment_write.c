/* SPDX-License-Identifier: MIT */
/* Writing a segment: the three arrays of a table grow side by side, each through a buffer, and the
 * head, which says where all is, comes last. */
#include "store/segment.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/new_file.h"
#include "store/segment_format.h"

#define BUFFER_BYTES ((size_t)1 << 18)
/* Entries that are taken through all steps together, so that they stay in the cache. */
#define STEP_ENTRIES ((size_t)1 << 13)
/* Keys that a slot of the directory has at most, on average. */
#define SLOT_KEYS 64

/* An array of the table that is being written. */
typedef struct stream {
    unsigned char *bytes; /* [BUFFER_BYTES], of which `used` wait */
    size_t used;
    uint64_t offset; /* in the file, of the first that waits */
} stream;

enum { SLOTS, KEYS, NUMBERS, STREAMS };

struct ndup__segment_writer {
    ndup_allocator allocator;
    ndup__segment_facts facts;
    ndup__new_file file;
    ndup__segment_place *places; /* [facts.tables], of which `tables` have begun */
    uint32_t tables;
    stream streams[STREAMS]; /* of the last one */
    uint32_t added;          /* to it */
    uint64_t slot;           /* the first whose begin is not written yet */
    uint32_t last_key;
    uint32_t last_number;
    uint64_t end;        /* of the table that has begun, or of the head */
    uint64_t head_pages; /* which have no checksum of their own */
    uint32_t *checksums; /* [pages behind the head] */
    size_t checksum_capacity;
    unsigned char packed[STEP_ENTRIES * sizeof(uint32_t)]; /* entries, as they are written */
};

static ndup_status check_facts(const ndup__segment_facts *facts, ndup_error *error)
{
    if (facts->tables == 0 || facts->tables > NDUP__SEGMENT_TABLES_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "segment of %" PRIu32 " tables, must be 1..%d", facts->tables,
                          NDUP__SEGMENT_TABLES_MOST);
    }
    return facts->first <= facts->last
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "segment of the numbers from %" PRIu32 " to %" PRIu32, facts->first,
                            facts->last);
}

static ndup_status allocate(ndup__segment_writer *writer, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(&writer->allocator, &writer->places,
                                               writer->facts.tables, sizeof *writer->places, error);
    for (int i = 0; i < STREAMS && status == NDUP_STATUS_OK; i++) {
        status =
            ndup__resize(&writer->allocator, &writer->streams[i].bytes, 0, BUFFER_BYTES, 1, error);
    }
    return status;
}

ndup_status ndup__segment_writer_open(ndup__segment_writer **writer, const char *path,
                                      const ndup__segment_facts *facts,
                                      const ndup_allocator *allocator, ndup_error *error)
{
    ndup__segment_writer *made;
    *writer = NULL;
    ndup_status status = ndup__segment_check_machine(error);
    if (status == NDUP_STATUS_OK) {
        status = check_facts(facts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->facts = *facts;
    made->facts.entries = 0;
    made->end = ndup__segment_head_bytes(facts->tables);
    made->head_pages = made->end / NDUP__SEGMENT_PAGE;
    status = allocate(made, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__new_file_open(&made->file, path, &made->allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__segment_writer_close(made);
        return status;
    }
    *writer = made;
    return NDUP_STATUS_OK;
}

static ndup_status write_at(ndup__segment_writer *writer, const void *bytes, size_t count,
                            uint64_t offset, ndup_error *error)
{
    return ndup__file_write_at(writer->file.descriptor, bytes, count, offset, writer->file.path,
                               error);
}

/* Writes what waits, filled up to whole pages, and notes the checksums. Only the end of an array is
 * no whole page. */
static ndup_status flush(ndup__segment_writer *writer, stream *out, ndup_error *error)
{
    size_t pages = (out->used + NDUP__SEGMENT_PAGE - 1) / NDUP__SEGMENT_PAGE;
    size_t bytes = pages * NDUP__SEGMENT_PAGE;
    memset(out->bytes + out->used, NDUP__SEGMENT_FILLER, bytes - out->used);
    size_t first = (size_t)(out->offset / NDUP__SEGMENT_PAGE - writer->head_pages);
    for (size_t i = 0; i < pages; i++) {
        writer->checksums[first + i] = ndup__segment_checksum(out->bytes + i * NDUP__SEGMENT_PAGE);
    }
    ndup_status status = write_at(writer, out->bytes, bytes, out->offset, error);
    out->offset += bytes;
    out->used = 0;
    return status;
}

static ndup_status put(ndup__segment_writer *writer, int which, const void *bytes, size_t count,
                       ndup_error *error)
{
    stream *out = &writer->streams[which];
    const unsigned char *from = bytes;
    ndup_status status = NDUP_STATUS_OK;
    while (count > 0 && status == NDUP_STATUS_OK) {
        size_t room = BUFFER_BYTES - out->used;
        size_t copied = count < room ? count : room;
        memcpy(out->bytes + out->used, from, copied);
        out->used += copied;
        from += copied;
        count -= copied;
        if (out->used == BUFFER_BYTES) {
            status = flush(writer, out, error);
        }
    }
    return status;
}

/* Inlined once for each width: each word less `base`, its lower bytes. Every word but the last is
 * stored whole, as the next one covers the rest. */
static inline void pack_width(unsigned char *packed, const uint32_t *words, size_t count,
                              uint32_t base, uint32_t mask, uint32_t width)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t word = (words[i] - base) & mask;
        memcpy(packed + i * width, &word, i + 1 < count ? sizeof word : width);
    }
}

static ndup_status put_packed(ndup__segment_writer *writer, int which, const uint32_t *words,
                              size_t count, uint32_t base, uint32_t mask, uint32_t width,
                              ndup_error *error)
{
    switch (width) {
    case 1:
        pack_width(writer->packed, words, count, base, mask, 1);
        break;
    case 2:
        pack_width(writer->packed, words, count, base, mask, 2);
        break;
    case 3:
        pack_width(writer->packed, words, count, base, mask, 3);
        break;
    default:
        pack_width(writer->packed, words, count, base, mask, 4);
        break;
    }
    return put(writer, which, writer->packed, count * width, error);
}

/* Writes the begins of the slots up to one: the entry that is added next. */
static ndup_status begin_slots(ndup__segment_writer *writer, uint64_t slot, uint32_t entry,
                               ndup_error *error)
{
    stream *out = &writer->streams[SLOTS];
    ndup_status status = NDUP_STATUS_OK;
    while (writer->slot <= slot && status == NDUP_STATUS_OK) {
        memcpy(out->bytes + out->used, &entry, sizeof entry);
        out->used += sizeof entry;
        writer->slot++;
        if (out->used == BUFFER_BYTES) {
            status = flush(writer, out, error);
        }
    }
    return status;
}

/* Completes the table that has begun, if there is one. */
static ndup_status end_table(ndup__segment_writer *writer, ndup_error *error)
{
    if (writer->tables == 0) {
        return NDUP_STATUS_OK;
    }
    const ndup__segment_place *place = &writer->places[writer->tables - 1];
    if (writer->added != place->count) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "table of %" PRIu32 " entries with %" PRIu32,
                          place->count, writer->added);
    }
    ndup_status status = begin_slots(writer, (uint64_t)1 << place->bits, place->count, error);
    for (int i = 0; i < STREAMS && status == NDUP_STATUS_OK; i++) {
        status = flush(writer, &writer->streams[i], error);
    }
    ndup__file_begin_sync(writer->file.descriptor, place->offset, writer->end - place->offset);
    return status;
}

/* More slots than needed are worth it where keys then take a byte less, which saves more than the
 * larger directory takes. */
static uint32_t choose_bits(size_t count)
{
    uint32_t bits = 0;
    while (bits < NDUP__SEGMENT_BITS_MOST && count >> bits > SLOT_KEYS) {
        bits++;
    }
    uint32_t more = (bits + 7) / 8 * 8;
    uint64_t added = more <= NDUP__SEGMENT_BITS_MOST
                         ? (((uint64_t)1 << more) - ((uint64_t)1 << bits)) * sizeof(uint32_t)
                         : UINT64_MAX;
    return added < count ? more : bits;
}

ndup_status ndup__segment_writer_begin_table(ndup__segment_writer *writer, size_t count,
                                             ndup_error *error)
{
    ndup_status status = end_table(writer, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (writer->tables == writer->facts.tables || count > UINT32_MAX) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "table %" PRIu32 " of %" PRIu32 ", of %zu entries", writer->tables + 1,
                          writer->facts.tables, count);
    }
    ndup__segment_place place = {
        .offset = writer->end, .count = (uint32_t)count, .bits = choose_bits(count)};
    uint64_t end = ndup__segment_end_of(&place, ndup__segment_number_width(&writer->facts));
    size_t pages = (size_t)(end / NDUP__SEGMENT_PAGE - writer->head_pages);
    status = ndup__reserve(&writer->allocator, &writer->checksums, &writer->checksum_capacity,
                           pages, sizeof *writer->checksums, error);
    if (status == NDUP_STATUS_OK) {
        writer->streams[SLOTS].offset = place.offset;
        writer->streams[KEYS].offset = ndup__segment_keys_at(&place);
        writer->streams[NUMBERS].offset = ndup__segment_numbers_at(&place);
        writer->places[writer->tables++] = place;
        writer->facts.entries += count;
        writer->end = end;
        writer->added = 0;
        writer->slot = 0;
    }
    return status;
}

/* All are looked at, without a way out in between: that is faster. */
static bool is_in_order(const ndup__segment_writer *writer, const uint32_t *keys,
                        const uint32_t *numbers, size_t count)
{
    unsigned wrong =
        writer->added > 0 && (keys[0] < writer->last_key ||
                              (keys[0] == writer->last_key && numbers[0] <= writer->last_number));
    uint32_t first = writer->facts.first;
    uint32_t span = writer->facts.last - first;
    for (size_t i = 0; i < count; i++) {
        wrong |= numbers[i] - first > span;
    }
    for (size_t i = 1; i < count; i++) {
        unsigned is_less = keys[i] < keys[i - 1];
        unsigned is_equal = keys[i] == keys[i - 1];
        wrong |= is_less | (is_equal & (numbers[i] <= numbers[i - 1]));
    }
    return wrong == 0;
}

static ndup_status fill_slots(ndup__segment_writer *writer, const uint32_t *keys, size_t count,
                              ndup_error *error)
{
    uint32_t shift = 32 - writer->places[writer->tables - 1].bits;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint64_t slot = (uint64_t)keys[i] >> shift;
        if (slot >= writer->slot) {
            status = begin_slots(writer, slot, writer->added + (uint32_t)i, error);
        }
    }
    return status;
}

static ndup_status add_some(ndup__segment_writer *writer, const uint32_t *keys,
                            const uint32_t *numbers, size_t count, ndup_error *error)
{
    if (!is_in_order(writer, keys, numbers, count)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "entries of table %" PRIu32 " from %" PRIu32
                          " on are not in order, or not from %" PRIu32 " to %" PRIu32,
                          writer->tables, writer->added, writer->facts.first, writer->facts.last);
    }
    uint32_t bits = writer->places[writer->tables - 1].bits;
    ndup_status status = fill_slots(writer, keys, count, error);
    if (status == NDUP_STATUS_OK) {
        status = put_packed(writer, KEYS, keys, count, 0, UINT32_MAX >> bits,
                            ndup__segment_key_width(bits), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_packed(writer, NUMBERS, numbers, count, writer->facts.first, UINT32_MAX,
                            ndup__segment_number_width(&writer->facts), error);
    }
    writer->added += (uint32_t)count;
    writer->last_key = keys[count - 1];
    writer->last_number = numbers[count - 1];
    return status;
}

ndup_status ndup__segment_writer_add(ndup__segment_writer *writer, const uint32_t *keys,
                                     const uint32_t *numbers, size_t count, ndup_error *error)
{
    uint32_t room = writer->tables > 0 ? writer->places[writer->tables - 1].count : 0;
    if (count > 0 && (writer->tables == 0 || count > room - writer->added)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "table of %" PRIu32 " entries with more than that", room);
    }
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i += STEP_ENTRIES) {
        size_t some = count - i < STEP_ENTRIES ? count - i : STEP_ENTRIES;
        status = add_some(writer, keys + i, numbers + i, some, error);
    }
    return status;
}

ndup_status ndup__segment_writer_table(ndup__segment_writer *writer, const uint32_t *keys,
                                       const uint32_t *numbers, size_t count, ndup_error *error)
{
    ndup_status status = ndup__segment_writer_begin_table(writer, count, error);
    return status == NDUP_STATUS_OK ? ndup__segment_writer_add(writer, keys, numbers, count, error)
                                    : status;
}

/* Fields of at most 8 bytes stand in ascending order, so that each may be stored as a word whose
 * rest the next one covers. */
static void fill_head(unsigned char *head, const ndup__segment_writer *writer)
{
    size_t pages = (size_t)(writer->end / NDUP__SEGMENT_PAGE - writer->head_pages);
    memcpy(head, NDUP__SEGMENT_MAGIC, strlen(NDUP__SEGMENT_MAGIC));
    ndup__store_bytes(head + NDUP__SEGMENT_AT_VERSION, NDUP__SEGMENT_VERSION);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_TABLES, writer->facts.tables);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_IDENTITY, writer->facts.identity);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_FIRST, writer->facts.first);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_LAST, writer->facts.last);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_ENTRIES, writer->facts.entries);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_BYTES, writer->end + pages * sizeof(uint32_t));
    ndup__store_bytes(head + NDUP__SEGMENT_AT_CHECKSUMS, writer->end);
    ndup__store_bytes(head + NDUP__SEGMENT_AT_HASH,
                      ndup__hash_bytes(writer->checksums, pages * sizeof(uint32_t), 0));
    for (uint32_t i = 0; i < writer->facts.tables; i++) {
        unsigned char *record = head + NDUP__SEGMENT_HEADER_BYTES + i * NDUP__SEGMENT_RECORD_BYTES;
        const ndup__segment_place *place = &writer->places[i];
        ndup__store_bytes(record, place->offset);
        ndup__store_bytes(record + 8, place->count | (uint64_t)place->bits << 32);
    }
    size_t hashed = (size_t)writer->head_pages * NDUP__SEGMENT_PAGE - NDUP__SEGMENT_HASH_BYTES;
    ndup__store_bytes(head + hashed, ndup__hash_bytes(head, hashed, 0));
}

static ndup_status write_head(ndup__segment_writer *writer, ndup_error *error)
{
    unsigned char *head;
    size_t bytes = (size_t)writer->head_pages * NDUP__SEGMENT_PAGE;
    ndup_status status = ndup__allocate_zeroed(&writer->allocator, &head, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        fill_head(head, writer);
        status = write_at(writer, head, bytes, 0, error);
        ndup__free(&writer->allocator, &head, bytes, 1);
    }
    return status;
}

ndup_status ndup__segment_writer_commit(ndup__segment_writer *writer, ndup_error *error)
{
    ndup_status status = end_table(writer, error);
    if (status == NDUP_STATUS_OK && writer->tables < writer->facts.tables) {
        status =
            ndup__fail(error, NDUP_STATUS_INVALID, "segment with %" PRIu32 " of %" PRIu32 " tables",
                       writer->tables, writer->facts.tables);
    }
    if (status == NDUP_STATUS_OK) {
        size_t pages = (size_t)(writer->end / NDUP__SEGMENT_PAGE - writer->head_pages);
        status = write_at(writer, writer->checksums, pages * sizeof(uint32_t), writer->end, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_head(writer, error);
    }
    return status == NDUP_STATUS_OK ? ndup__new_file_commit(&writer->file, error) : status;
}

void ndup__segment_writer_close(ndup__segment_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    ndup_allocator allocator = writer->allocator;
    ndup__new_file_close(&writer->file);
    for (int i = 0; i < STREAMS; i++) {
        ndup__free(&allocator, &writer->streams[i].bytes, BUFFER_BYTES, 1);
    }
    ndup__free(&allocator, &writer->places, writer->facts.tables, sizeof *writer->places);
    ndup__free(&allocator, &writer->checksums, writer->checksum_capacity,
               sizeof *writer->checksums);
    ndup__free(&allocator, &writer, 1, sizeof *writer);
}
