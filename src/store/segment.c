/* SPDX-License-Identifier: MIT */
/* Opening a segment: every length is held against the file's before it is used. */
#include "store/segment.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "store/segment_format.h"

ndup_status ndup__segment_check_machine(ndup_error *error)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "segments are mapped only where the lowest byte stands first");
#else
    (void)error;
    return NDUP_STATUS_OK;
#endif
}

ndup_status ndup__segment_fail(const ndup__segment *segment, const void *where, const char *what,
                               ndup_error *error)
{
    uint64_t byte = (uint64_t)((const unsigned char *)where - segment->bytes);
    ndup_status status = ndup__fail(error, NDUP_STATUS_CORRUPT,
                                    "%s is damaged: %s in page %" PRIu64 ", byte %" PRIu64,
                                    segment->name, what, byte / NDUP__SEGMENT_PAGE, byte);
    if (error != NULL) {
        error->byte = byte;
    }
    return status;
}

ndup_status ndup__segment_check_page(const ndup__segment *segment, size_t page, ndup_error *error)
{
    const unsigned char *bytes = segment->bytes + page * NDUP__SEGMENT_PAGE;
    return ndup__segment_checksum(bytes) == segment->checksums[page - segment->head_pages]
               ? NDUP_STATUS_OK
               : ndup__segment_fail(segment, bytes, "wrong checksum", error);
}

/* Threads may check the same page at the same time; both find the same. */
ndup_status ndup__segment_check_first(const ndup__segment *segment, size_t page, ndup_error *error)
{
    ndup_status status = ndup__segment_check_page(segment, page, error);
    if (status == NDUP_STATUS_OK) {
        atomic_fetch_or_explicit(&segment->checked[page / 64], (uint64_t)1 << (page % 64),
                                 memory_order_relaxed);
    }
    return status;
}

static uint64_t field(const ndup__segment *segment, size_t at, unsigned bytes)
{
    return ndup__low_bytes(ndup__load_bytes(segment->bytes + at), bytes);
}

/* Magic and version come first: what another version wrote need not look like this at all. */
static ndup_status check_kind(const ndup__segment *segment, ndup_error *error)
{
    if (memcmp(segment->bytes, NDUP__SEGMENT_MAGIC, strlen(NDUP__SEGMENT_MAGIC)) != 0) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s is no segment", segment->name);
    }
    unsigned version = (unsigned)field(segment, NDUP__SEGMENT_AT_VERSION, 4);
    return version == NDUP__SEGMENT_VERSION
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_VERSION,
                            "%s is a segment of format %u, this is format %d", segment->name,
                            version, NDUP__SEGMENT_VERSION);
}

static ndup_status check_head(ndup__segment *segment, ndup_error *error)
{
    uint64_t tables = field(segment, NDUP__SEGMENT_AT_TABLES, 4);
    uint64_t head = ndup__segment_head_bytes((uint32_t)tables);
    if (tables == 0 || tables > NDUP__SEGMENT_TABLES_MOST || head > segment->length) {
        return ndup__segment_fail(segment, segment->bytes + NDUP__SEGMENT_AT_TABLES,
                                  "number of tables", error);
    }
    size_t hashed = (size_t)head - NDUP__SEGMENT_HASH_BYTES;
    if (ndup__hash_bytes(segment->bytes, hashed, 0) != field(segment, hashed, 8)) {
        return ndup__segment_fail(segment, segment->bytes, "wrong checksum of the head", error);
    }
    uint64_t bytes = field(segment, NDUP__SEGMENT_AT_BYTES, 8);
    if (bytes != segment->length) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "%s is damaged: it has %zu bytes and should have %" PRIu64, segment->name,
                          segment->length, bytes);
    }
    segment->head_pages = (size_t)head / NDUP__SEGMENT_PAGE;
    segment->facts =
        (ndup__segment_facts){.identity = field(segment, NDUP__SEGMENT_AT_IDENTITY, 8),
                              .tables = (uint32_t)tables,
                              .first = (uint32_t)field(segment, NDUP__SEGMENT_AT_FIRST, 4),
                              .last = (uint32_t)field(segment, NDUP__SEGMENT_AT_LAST, 4),
                              .entries = field(segment, NDUP__SEGMENT_AT_ENTRIES, 8)};
    return NDUP_STATUS_OK;
}

static ndup_status check_identity(const ndup__segment *segment, uint64_t identity,
                                  ndup_error *error)
{
    return segment->facts.identity == identity
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s belongs to index %016" PRIx64 ", not to %016" PRIx64, segment->name,
                            segment->facts.identity, identity);
}

/* The checksums stand behind the last table and end the file. */
static ndup_status check_checksums(ndup__segment *segment, ndup_error *error)
{
    uint64_t at = field(segment, NDUP__SEGMENT_AT_CHECKSUMS, 8);
    uint64_t head = (uint64_t)segment->head_pages * NDUP__SEGMENT_PAGE;
    bool fits = at >= head && at <= segment->length && at % NDUP__SEGMENT_PAGE == 0;
    uint64_t pages = fits ? (at - head) / NDUP__SEGMENT_PAGE : 0;
    if (!fits || segment->length - at != pages * sizeof(uint32_t)) {
        return ndup__segment_fail(segment, segment->bytes + NDUP__SEGMENT_AT_CHECKSUMS,
                                  "place of the checksums", error);
    }
    segment->checksums = (const uint32_t *)(const void *)(segment->bytes + at);
    segment->pages = segment->head_pages + (size_t)pages;
    return ndup__hash_bytes(segment->checksums, segment->length - (size_t)at, 0) ==
                   field(segment, NDUP__SEGMENT_AT_HASH, 8)
               ? NDUP_STATUS_OK
               : ndup__segment_fail(segment, segment->checksums, "wrong checksum of the checksums",
                                    error);
}

/* Takes a table whose arrays begin at *offset, and moves that behind them. */
static ndup_status take_table(ndup__segment *segment, uint32_t number, uint64_t *offset,
                              ndup_error *error)
{
    size_t at = NDUP__SEGMENT_HEADER_BYTES + (size_t)number * NDUP__SEGMENT_RECORD_BYTES;
    ndup__segment_place place = {.offset = field(segment, at, 8),
                                 .count = (uint32_t)field(segment, at + 8, 4),
                                 .bits = (uint32_t)field(segment, at + 12, 4)};
    uint32_t number_width = ndup__segment_number_width(&segment->facts);
    if (place.offset != *offset || place.bits > NDUP__SEGMENT_BITS_MOST ||
        ndup__segment_end_of(&place, number_width) >
            (uint64_t)segment->pages * NDUP__SEGMENT_PAGE) {
        return ndup__segment_fail(segment, segment->bytes + at, "place of a table", error);
    }
    segment->tables[number] = (ndup__segment_table){
        .slots = (const uint32_t *)(const void *)(segment->bytes + place.offset),
        .keys = segment->bytes + ndup__segment_keys_at(&place),
        .numbers = segment->bytes + ndup__segment_numbers_at(&place),
        .count = place.count,
        .shift = 32 - place.bits,
        .key_width = ndup__segment_key_width(place.bits),
        .window_keys = NDUP__SEGMENT_WINDOW / ndup__segment_key_width(place.bits),
        .number_width = number_width};
    *offset = ndup__segment_end_of(&place, number_width);
    return NDUP_STATUS_OK;
}

static ndup_status take_tables(ndup__segment *segment, ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(&segment->allocator, &segment->tables, segment->facts.tables,
                              sizeof *segment->tables, error);
    uint64_t offset = (uint64_t)segment->head_pages * NDUP__SEGMENT_PAGE;
    uint64_t entries = 0;
    for (uint32_t i = 0; i < segment->facts.tables && status == NDUP_STATUS_OK; i++) {
        status = take_table(segment, i, &offset, error);
        entries += segment->tables[i].count;
    }
    if (status == NDUP_STATUS_OK && (entries != segment->facts.entries ||
                                     offset != (uint64_t)segment->pages * NDUP__SEGMENT_PAGE)) {
        status = ndup__segment_fail(segment, segment->bytes + NDUP__SEGMENT_AT_ENTRIES,
                                    "number of entries", error);
    }
    return status;
}

static ndup_status check(ndup__segment *segment, uint64_t identity, ndup_error *error)
{
    ndup_status status = check_kind(segment, error);
    if (status == NDUP_STATUS_OK) {
        status = check_head(segment, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_identity(segment, identity, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_checksums(segment, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_tables(segment, error);
    }
    return status == NDUP_STATUS_OK ? ndup__allocate_zeroed(&segment->allocator, &segment->checked,
                                                            ndup__segment_words(segment),
                                                            sizeof *segment->checked, error)
                                    : status;
}

static ndup_status map(ndup__segment *segment, int descriptor, const char *path, ndup_error *error)
{
    ndup__file_info info;
    ndup_status status = ndup__file_get_descriptor_info(&info, descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (info.size < NDUP__SEGMENT_PAGE || info.size > SIZE_MAX) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s is no segment: it has %" PRIu64 " bytes",
                          segment->name, info.size);
    }
    const void *bytes;
    status = ndup__file_map_read(&bytes, descriptor, (size_t)info.size, path, error);
    if (status == NDUP_STATUS_OK) {
        segment->bytes = bytes;
        segment->length = (size_t)info.size;
    }
    return status;
}

/* The descriptor is not needed once the file is mapped. */
static ndup_status open_and_map(ndup__segment *segment, const char *path, ndup_error *error)
{
    int descriptor;
    ndup_status status = ndup__file_open_read(&descriptor, path, error);
    if (status == NDUP_STATUS_OK) {
        status = map(segment, descriptor, path, error);
        ndup__file_close_quietly(descriptor);
    }
    return status;
}

ndup_status ndup__segment_open(ndup__segment **segment, const char *path, uint64_t identity,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup__segment *opened;
    *segment = NULL;
    ndup_status status = ndup__segment_check_machine(error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &opened, 1, sizeof *opened, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    opened->allocator = *ndup__allocator(allocator);
    ndup__shorten_path(opened->name, sizeof opened->name, path);
    status = open_and_map(opened, path, error);
    if (status == NDUP_STATUS_OK) {
        status = check(opened, identity, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__segment_close(opened);
        return status;
    }
    *segment = opened;
    return NDUP_STATUS_OK;
}

void ndup__segment_close(ndup__segment *segment)
{
    if (segment == NULL) {
        return;
    }
    ndup_allocator allocator = segment->allocator;
    ndup__free(&allocator, &segment->checked, ndup__segment_words(segment),
               sizeof *segment->checked);
    ndup__free(&allocator, &segment->tables, segment->facts.tables, sizeof *segment->tables);
    ndup__file_unmap_read(segment->bytes, segment->length);
    ndup__free(&allocator, &segment, 1, sizeof *segment);
}

const ndup__segment_facts *ndup__segment_get_facts(const ndup__segment *segment)
{
    return &segment->facts;
}
