/* SPDX-License-Identifier: MIT */
/* Each partition has a buffer that grows. When all of them together are too large, every one is
 * written behind the others to the temporary file, as an extent, and begins anew. */
#include "spill/partitions.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"

#define FILE_NAME "the temporary file"

typedef struct ndup__partition {
    char *bytes;
    size_t held; /* records in `bytes` */
    size_t capacity;
    size_t total; /* with those in the file */
} partition;

typedef struct ndup__extent {
    unsigned part;
    uint64_t offset;
    size_t records;
} extent;

ndup_status ndup__partitions_init(ndup__partitions *partitions, unsigned count, size_t record_bytes,
                                  uint64_t held_most, const char *folder,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    *partitions = (ndup__partitions){.allocator = allocator,
                                     .folder = folder,
                                     .count = count,
                                     .record_bytes = record_bytes,
                                     .held_most = held_most,
                                     .file = -1};
    return ndup__allocate_zeroed(allocator, &partitions->parts, count, sizeof(partition), error);
}

static void empty_part(ndup__partitions *partitions, partition *part)
{
    partitions->held_bytes -= part->capacity * partitions->record_bytes;
    ndup__free(partitions->allocator, &part->bytes, part->capacity, partitions->record_bytes);
    part->held = 0;
    part->capacity = 0;
}

void ndup__partitions_deinit(ndup__partitions *partitions)
{
    for (unsigned i = 0; partitions->parts != NULL && i < partitions->count; i++) {
        empty_part(partitions, &partitions->parts[i]);
    }
    ndup__free(partitions->allocator, &partitions->parts, partitions->count, sizeof(partition));
    ndup__free(partitions->allocator, &partitions->extents, partitions->extent_capacity,
               sizeof(extent));
    if (partitions->file >= 0) {
        ndup__file_close_quietly(partitions->file);
    }
    *partitions = (ndup__partitions){.file = -1};
}

static ndup_status spill_part(ndup__partitions *partitions, unsigned number, ndup_error *error)
{
    partition *part = &partitions->parts[number];
    size_t bytes = part->held * partitions->record_bytes;
    ndup_status status =
        ndup__reserve(partitions->allocator, &partitions->extents, &partitions->extent_capacity,
                      partitions->extent_count + 1, sizeof(extent), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_write_at(partitions->file, part->bytes, bytes, partitions->file_bytes,
                                     FILE_NAME, error);
    }
    if (status == NDUP_STATUS_OK) {
        partitions->extents[partitions->extent_count++] =
            (extent){number, partitions->file_bytes, part->held};
        partitions->file_bytes += bytes;
        empty_part(partitions, part);
    }
    return status;
}

static ndup_status spill(ndup__partitions *partitions, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (partitions->file < 0) {
        status = ndup__temporary_file_open(&partitions->file, partitions->folder, error);
    }
    for (unsigned i = 0; i < partitions->count && status == NDUP_STATUS_OK; i++) {
        if (partitions->parts[i].held > 0) {
            status = spill_part(partitions, i, error);
        }
    }
    return status;
}

/* Room for one record more in a buffer that is full. */
static ndup_status make_room(ndup__partitions *partitions, partition *part, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint64_t more = part->capacity > 0 ? part->capacity / 2 : 1;
    if (partitions->held_bytes + more * partitions->record_bytes > partitions->held_most) {
        status = spill(partitions, error);
    }
    size_t before = part->capacity;
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(partitions->allocator, &part->bytes, &part->capacity, part->held + 1,
                               partitions->record_bytes, error);
    }
    partitions->held_bytes += (part->capacity - before) * partitions->record_bytes;
    return status;
}

ndup_status ndup__partitions_add(ndup__partitions *partitions, unsigned part, const void *record,
                                 ndup_error *error)
{
    partition *into = &partitions->parts[part];
    if (into->held == into->capacity) {
        ndup_status status = make_room(partitions, into, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    memcpy(into->bytes + into->held * partitions->record_bytes, record, partitions->record_bytes);
    into->held++;
    into->total++;
    return NDUP_STATUS_OK;
}

size_t ndup__partitions_size(const ndup__partitions *partitions, unsigned part)
{
    return partitions->parts[part].total;
}

static ndup_status read_extent(char *into, const ndup__partitions *partitions, const extent *stored,
                               ndup_error *error)
{
    size_t bytes = stored->records * partitions->record_bytes;
    size_t got = 0;
    ndup_status status =
        ndup__file_read_at(partitions->file, into, bytes, stored->offset, &got, FILE_NAME, error);
    if (status == NDUP_STATUS_OK && got < bytes) {
        status = ndup__fail(error, NDUP_STATUS_IO, "%s has become shorter", FILE_NAME);
    }
    return status;
}

ndup_status ndup__partitions_take(ndup__partitions *partitions, unsigned part, void *records,
                                  ndup_error *error)
{
    char *at = records;
    for (size_t i = 0; i < partitions->extent_count; i++) {
        const extent *stored = &partitions->extents[i];
        if (stored->part == part) {
            ndup_status status = read_extent(at, partitions, stored, error);
            if (status != NDUP_STATUS_OK) {
                return status;
            }
            at += stored->records * partitions->record_bytes;
        }
    }
    partition *from = &partitions->parts[part];
    if (from->held > 0) {
        memcpy(at, from->bytes, from->held * partitions->record_bytes);
    }
    ndup__free(partitions->allocator, &from->bytes, from->capacity, partitions->record_bytes);
    from->held = 0;
    from->capacity = 0;
    return NDUP_STATUS_OK;
}
