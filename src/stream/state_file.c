/* SPDX-License-Identifier: MIT */
/* Sections are written as they stand in memory: a state is read on machines of the same byte order
 * only, which its first word tells. */
#include "stream/state_file.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

#define MAGIC UINT64_C(0x3145544154534E44) /* "DNSTATE1", of which the last sign is the version */
#define VERSION_MASK UINT64_C(0xFF00000000000000)

/* In front of a section. */
typedef struct section_head {
    uint64_t bytes;
    uint64_t hash;
} section_head;

static ndup_status write_bytes(ndup__state_writer *writer, const void *bytes, size_t length,
                               ndup_error *error)
{
    writer->bytes += length;
    return ndup__file_write_all(writer->file.descriptor, bytes, length, writer->file.path, error);
}

ndup_status ndup__state_begin(ndup__state_writer *writer, const char *path, ndup_error *error)
{
    const uint64_t magic = MAGIC;
    ndup_status status = ndup__new_file_open(&writer->file, path, writer->allocator, error);
    return status == NDUP_STATUS_OK ? write_bytes(writer, &magic, sizeof magic, error) : status;
}

ndup_status ndup__state_put(ndup__state_writer *writer, const void *items, size_t count,
                            size_t item_bytes, ndup_error *error)
{
    size_t bytes = count * item_bytes;
    const section_head head = {bytes, bytes > 0 ? ndup__hash_bytes(items, bytes, 0) : 0};
    ndup_status status = write_bytes(writer, &head, sizeof head, error);
    return status == NDUP_STATUS_OK && bytes > 0 ? write_bytes(writer, items, bytes, error)
                                                 : status;
}

ndup_status ndup__state_commit(ndup__state_writer *writer, ndup_error *error)
{
    return ndup__new_file_commit(&writer->file, error);
}

void ndup__state_end(ndup__state_writer *writer)
{
    ndup__new_file_close(&writer->file);
}

static ndup_status fail_corrupt(const ndup__state_reader *reader, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: damaged at byte %llu", reader->path,
                      (unsigned long long)reader->at);
}

static ndup_status read_bytes(ndup__state_reader *reader, void *bytes, size_t length,
                              ndup_error *error)
{
    size_t got = 0;
    ndup_status status = ndup__file_read_at(reader->descriptor, bytes, length, reader->at, &got,
                                            reader->path, error);
    if (status == NDUP_STATUS_OK && got < length) {
        status = fail_corrupt(reader, error);
    }
    reader->at += got;
    return status;
}

static ndup_status check_magic(ndup__state_reader *reader, ndup_error *error)
{
    uint64_t magic = 0;
    ndup_status status = read_bytes(reader, &magic, sizeof magic, error);
    if (status != NDUP_STATUS_OK || magic == MAGIC) {
        return status;
    }
    return (magic & ~VERSION_MASK) == (MAGIC & ~VERSION_MASK)
               ? ndup__fail(error, NDUP_STATUS_VERSION,
                            "%s: of version '%c', this program knows '%c'", reader->path,
                            (char)(magic >> 56), (char)(MAGIC >> 56))
               : ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: is no state of a stream",
                            reader->path);
}

ndup_status ndup__state_open(ndup__state_reader *reader, const char *path,
                             const ndup_allocator *allocator, ndup_error *error)
{
    ndup__file_info info;
    *reader = (ndup__state_reader){.allocator = allocator, .path = path, .descriptor = -1};
    ndup_status status = ndup__file_open_read(&reader->descriptor, path, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_get_descriptor_info(&info, reader->descriptor, path, error);
    }
    if (status == NDUP_STATUS_OK) {
        reader->size = info.size;
        status = check_magic(reader, error);
    }
    return status;
}

static ndup_status read_head(ndup__state_reader *reader, section_head *head, size_t item_bytes,
                             ndup_error *error)
{
    ndup_status status = read_bytes(reader, head, sizeof *head, error);
    return status == NDUP_STATUS_OK &&
                   (head->bytes > reader->size - reader->at || head->bytes % item_bytes != 0)
               ? fail_corrupt(reader, error)
               : status;
}

static ndup_status read_section(ndup__state_reader *reader, void *items, const section_head *head,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (head->bytes > 0) {
        status = read_bytes(reader, items, (size_t)head->bytes, error);
    }
    return status == NDUP_STATUS_OK && head->bytes > 0 &&
                   ndup__hash_bytes(items, (size_t)head->bytes, 0) != head->hash
               ? fail_corrupt(reader, error)
               : status;
}

ndup_status ndup__state_get(ndup__state_reader *reader, void *items, size_t *count,
                            size_t item_bytes, ndup_error *error)
{
    section_head head;
    void *bytes = NULL;
    *count = 0;
    ndup_status status = read_head(reader, &head, item_bytes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(reader->allocator, &bytes, 0, (size_t)(head.bytes / item_bytes),
                              item_bytes, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memcpy(items, &bytes, sizeof bytes);
    *count = (size_t)(head.bytes / item_bytes);
    return read_section(reader, bytes, &head, error);
}

ndup_status ndup__state_fill(ndup__state_reader *reader, void *items, size_t count,
                             size_t item_bytes, ndup_error *error)
{
    section_head head;
    ndup_status status = read_head(reader, &head, item_bytes, error);
    if (status == NDUP_STATUS_OK && head.bytes != count * item_bytes) {
        status = fail_corrupt(reader, error);
    }
    return status == NDUP_STATUS_OK ? read_section(reader, items, &head, error) : status;
}

void ndup__state_close(ndup__state_reader *reader)
{
    if (reader->descriptor >= 0) {
        ndup__file_close_quietly(reader->descriptor);
    }
}
