/* SPDX-License-Identifier: MIT */
/* Sections follow each other, then comes the list of them. The header, which says where that is, is
 * written last. Numbers have their lowest byte first, and arrays are used where they are mapped. */
#include "base/section_file.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"

#define HELD_BYTES ((size_t)1 << 18)
#define ENTRY_BYTES (NDUP__SECTION_NAME_BYTES + 24)
#define MAGIC_BYTES 8

/* Where the fields of the header stand. */
enum {
    AT_VERSION = 8,
    AT_BYTES = 16, /* of the file */
    AT_LIST = 24,  /* offset of the list of sections */
    AT_COUNT = 32,
    AT_LIST_HASH = 40,
    AT_HEADER_HASH = 56 /* of what stands before it */
};

static uint64_t checksum(const void *bytes, size_t length)
{
    return ndup__hash_bytes128(bytes, length, 0).low;
}

static ndup_status check_machine(ndup_error *error)
{
    const uint32_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 1 ? NDUP_STATUS_OK
                      : ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                                   "files of sections on a machine that stores the highest byte "
                                   "first");
}

static ndup_status flush(ndup__section_writer *writer, ndup_error *error)
{
    ndup__new_file *file = &writer->file;
    size_t length = writer->held_bytes;
    writer->held_bytes = 0;
    return length > 0
               ? ndup__file_write_all(file->descriptor, writer->held, length, file->path, error)
               : NDUP_STATUS_OK;
}

static ndup_status hold(ndup__section_writer *writer, const void *bytes, size_t length,
                        ndup_error *error)
{
    const char *from = bytes;
    ndup_status status = NDUP_STATUS_OK;
    while (length > 0 && status == NDUP_STATUS_OK) {
        size_t room = HELD_BYTES - writer->held_bytes;
        size_t taken = length < room ? length : room;
        memcpy(writer->held + writer->held_bytes, from, taken);
        writer->held_bytes += taken;
        writer->at += taken;
        from += taken;
        length -= taken;
        if (writer->held_bytes == HELD_BYTES) {
            status = flush(writer, error);
        }
    }
    return status;
}

static ndup_status pad(ndup__section_writer *writer, ndup_error *error)
{
    static const char zeros[NDUP__SECTION_ALIGN];
    size_t over = (size_t)(writer->at % NDUP__SECTION_ALIGN);
    return over > 0 ? hold(writer, zeros, NDUP__SECTION_ALIGN - over, error) : NDUP_STATUS_OK;
}

ndup_status ndup__section_writer_open(ndup__section_writer *writer, const char *path,
                                      const ndup__section_kind *kind,
                                      const ndup_allocator *allocator, ndup_error *error)
{
    static const char zeros[NDUP__SECTION_HEADER_BYTES];
    *writer = (ndup__section_writer){.kind = kind};
    ndup_status status = check_machine(error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__new_file_open(&writer->file, path, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &writer->held, 0, HELD_BYTES, 1, error);
    }
    return status == NDUP_STATUS_OK ? hold(writer, zeros, sizeof zeros, error) : status;
}

static void finish_section(ndup__section_writer *writer)
{
    if (writer->count > 0) {
        ndup__section *section = &writer->sections[writer->count - 1];
        section->length = writer->at - section->offset;
        section->checksum = ndup__hash_stream_end(&writer->hash).low;
    }
}

ndup_status ndup__section_begin(ndup__section_writer *writer, const char *name, ndup_error *error)
{
    finish_section(writer);
    ndup_status status =
        writer->count < NDUP__SECTIONS_MOST
            ? pad(writer, error)
            : ndup__fail(error, NDUP_STATUS_LIMIT, "more than %d sections", NDUP__SECTIONS_MOST);
    if (status == NDUP_STATUS_OK) {
        ndup__section *section = &writer->sections[writer->count++];
        *section = (ndup__section){.offset = writer->at};
        memcpy(section->name, name, strnlen(name, NDUP__SECTION_NAME_BYTES));
        ndup__hash_stream_begin(&writer->hash);
    }
    return status;
}

ndup_status ndup__section_add(ndup__section_writer *writer, const void *bytes, size_t length,
                              ndup_error *error)
{
    if (length == 0) {
        return NDUP_STATUS_OK;
    }
    ndup__hash_stream_add(&writer->hash, bytes, length);
    return hold(writer, bytes, length, error);
}

ndup_status ndup__section_put(ndup__section_writer *writer, const char *name, const void *bytes,
                              size_t length, ndup_error *error)
{
    ndup_status status = ndup__section_begin(writer, name, error);
    return status == NDUP_STATUS_OK ? ndup__section_add(writer, bytes, length, error) : status;
}

static void write_entry(unsigned char *to, const ndup__section *section)
{
    memcpy(to, section->name, NDUP__SECTION_NAME_BYTES);
    ndup__store_bytes(to + NDUP__SECTION_NAME_BYTES, section->offset);
    ndup__store_bytes(to + NDUP__SECTION_NAME_BYTES + 8, section->length);
    ndup__store_bytes(to + NDUP__SECTION_NAME_BYTES + 16, section->checksum);
}

static ndup_status write_list(ndup__section_writer *writer, ndup_error *error)
{
    unsigned char list[NDUP__SECTIONS_MOST * ENTRY_BYTES];
    unsigned char header[NDUP__SECTION_HEADER_BYTES] = {0};
    size_t list_bytes = writer->count * ENTRY_BYTES;
    for (unsigned i = 0; i < writer->count; i++) {
        write_entry(list + i * ENTRY_BYTES, &writer->sections[i]);
    }
    memcpy(header, writer->kind->magic, MAGIC_BYTES);
    ndup__store_bytes(header + AT_VERSION, writer->kind->version);
    ndup__store_bytes(header + AT_BYTES, writer->at + list_bytes);
    ndup__store_bytes(header + AT_LIST, writer->at);
    ndup__store_bytes(header + AT_COUNT, writer->count);
    ndup__store_bytes(header + AT_LIST_HASH, checksum(list, list_bytes));
    ndup__store_bytes(header + AT_HEADER_HASH, checksum(header, AT_HEADER_HASH));
    ndup_status status = hold(writer, list, list_bytes, error);
    if (status == NDUP_STATUS_OK) {
        status = flush(writer, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__file_write_at(writer->file.descriptor, header, sizeof header, 0,
                                     writer->file.path, error)
               : status;
}

ndup_status ndup__section_writer_commit(ndup__section_writer *writer, ndup_error *error)
{
    finish_section(writer);
    ndup_status status = pad(writer, error);
    if (status == NDUP_STATUS_OK) {
        status = write_list(writer, error);
    }
    return status == NDUP_STATUS_OK ? ndup__new_file_commit(&writer->file, error) : status;
}

void ndup__section_writer_end(ndup__section_writer *writer)
{
    const ndup_allocator *allocator = writer->file.allocator;
    ndup__free(allocator, &writer->held, HELD_BYTES, 1);
    ndup__new_file_close(&writer->file);
}

static ndup_status fail_at(const ndup__section_file *file, uint64_t at, const char *what,
                           ndup_error *error)
{
    ndup_status status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: %s at byte %llu", file->shown,
                                    what, (unsigned long long)at);
    if (error != NULL) {
        error->byte = at;
    }
    return status;
}

ndup_status ndup__section_fail(const ndup__section_file *file, const char *name, const char *what,
                               ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: section '%s' %s", file->shown, name, what);
}

static uint64_t header_field(const ndup__section_file *file, size_t at)
{
    return ndup__load_bytes(file->bytes + at);
}

/* What tells a file of this kind from all others, then whether all of it is there. */
static ndup_status check_header(const ndup__section_file *file, const ndup__section_kind *kind,
                                ndup_error *error)
{
    if (file->length < MAGIC_BYTES || memcmp(file->bytes, kind->magic, MAGIC_BYTES) != 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%s: is not %s", file->shown, kind->noun);
    }
    if (file->length < NDUP__SECTION_HEADER_BYTES) {
        return fail_at(file, file->length, "cut off", error);
    }
    if (header_field(file, AT_VERSION) != kind->version) {
        return ndup__fail(error, NDUP_STATUS_VERSION,
                          "%s: %s of version %llu, this program knows "
                          "%u: make it again with one program for all",
                          file->shown, kind->noun,
                          (unsigned long long)header_field(file, AT_VERSION), kind->version);
    }
    if (header_field(file, AT_HEADER_HASH) != checksum(file->bytes, AT_HEADER_HASH)) {
        return fail_at(file, 0, "a damaged header", error);
    }
    uint64_t bytes = header_field(file, AT_BYTES);
    uint64_t count = header_field(file, AT_COUNT);
    uint64_t list = header_field(file, AT_LIST);
    if (bytes != file->length) {
        return file->length < bytes ? fail_at(file, file->length, "cut off", error)
                                    : fail_at(file, bytes, "bytes behind the end", error);
    }
    return count <= NDUP__SECTIONS_MOST && list <= bytes && bytes - list == count * ENTRY_BYTES
               ? NDUP_STATUS_OK
               : fail_at(file, AT_LIST, "a header without sense", error);
}

static ndup_status read_entry(ndup__section *section, const ndup__section_file *file,
                              const unsigned char *entry, ndup_error *error)
{
    uint64_t list = header_field(file, AT_LIST);
    memcpy(section->name, entry, NDUP__SECTION_NAME_BYTES);
    section->offset = ndup__load_bytes(entry + NDUP__SECTION_NAME_BYTES);
    section->length = ndup__load_bytes(entry + NDUP__SECTION_NAME_BYTES + 8);
    section->checksum = ndup__load_bytes(entry + NDUP__SECTION_NAME_BYTES + 16);
    bool is_inside = section->offset % NDUP__SECTION_ALIGN == 0 && section->offset <= list &&
                     section->length <= list - section->offset;
    return is_inside
               ? NDUP_STATUS_OK
               : fail_at(file, (uint64_t)(entry - file->bytes), "a section without sense", error);
}

static ndup_status read_list(ndup__section_file *file, ndup_error *error)
{
    const unsigned char *list = file->bytes + header_field(file, AT_LIST);
    unsigned count = (unsigned)header_field(file, AT_COUNT);
    file->identity = header_field(file, AT_LIST_HASH);
    if (checksum(list, count * ENTRY_BYTES) != file->identity) {
        return fail_at(file, header_field(file, AT_LIST), "a damaged list of sections", error);
    }
    ndup_status status = ndup__allocate_zeroed(file->allocator, &file->sections, count,
                                               sizeof *file->sections, error);
    file->count = status == NDUP_STATUS_OK ? count : 0;
    for (unsigned i = 0; i < file->count && status == NDUP_STATUS_OK; i++) {
        status = read_entry(&file->sections[i], file, list + i * ENTRY_BYTES, error);
    }
    return status;
}

static ndup_status map_file(ndup__section_file *file, int descriptor, const char *path,
                            ndup_error *error)
{
    ndup__file_info info;
    const void *bytes = NULL;
    ndup_status status = ndup__file_get_descriptor_info(&info, descriptor, path, error);
    if (status == NDUP_STATUS_OK && info.kind == NDUP__FILE_REGULAR && info.size > 0) {
        status = ndup__file_map_read(&bytes, descriptor, (size_t)info.size, path, error);
        file->bytes = bytes;
        file->length = status == NDUP_STATUS_OK ? (size_t)info.size : 0;
    }
    return status;
}

ndup_status ndup__section_file_open(ndup__section_file *file, const char *path,
                                    const ndup__section_kind *kind, const ndup_allocator *allocator,
                                    ndup_error *error)
{
    int descriptor;
    *file = (ndup__section_file){.allocator = allocator};
    ndup__shorten_path(file->shown, sizeof file->shown, path);
    ndup_status status = check_machine(error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_open_read(&descriptor, path, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = map_file(file, descriptor, path, error);
    ndup__file_close_quietly(descriptor);
    if (status == NDUP_STATUS_OK) {
        status = check_header(file, kind, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_list(file, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__section_file_close(file);
    }
    return status;
}

void ndup__section_file_close(ndup__section_file *file)
{
    if (file->bytes != NULL) {
        ndup__file_unmap_read(file->bytes, file->length);
    }
    ndup__free(file->allocator, &file->sections, file->count, sizeof *file->sections);
    file->bytes = NULL;
    file->length = file->count = 0;
}

static ndup__section *find(ndup__section_file *file, const char *name)
{
    for (unsigned i = 0; i < file->count; i++) {
        if (strcmp(file->sections[i].name, name) == 0) {
            return &file->sections[i];
        }
    }
    return NULL;
}

ndup_status ndup__section_get(const void **bytes, uint64_t *length, ndup__section_file *file,
                              const char *name, ndup_error *error)
{
    ndup__section *section = find(file, name);
    if (section == NULL) {
        return ndup__section_fail(file, name, "is not there", error);
    }
    const unsigned char *begin = file->bytes + section->offset;
    if (!section->is_checked) {
        if (checksum(begin, (size_t)section->length) != section->checksum) {
            return ndup__section_fail(file, name, "is damaged", error);
        }
        section->is_checked = true;
    }
    *bytes = section->length > 0 ? begin : NULL;
    *length = section->length;
    return NDUP_STATUS_OK;
}

ndup_status ndup__section_items(void *items, size_t count, size_t item_bytes,
                                ndup__section_file *file, const char *name, ndup_error *error)
{
    const void *bytes;
    uint64_t length;
    ndup_status status = ndup__section_get(&bytes, &length, file, name, error);
    if (status == NDUP_STATUS_OK &&
        (item_bytes == 0 ? length != 0
                         : length % item_bytes != 0 || length / item_bytes != count)) {
        status = ndup__section_fail(file, name, "has another length than it must have", error);
    }
    if (status == NDUP_STATUS_OK) {
        memcpy(items, &bytes, sizeof bytes);
    }
    return status;
}

bool ndup__section_file_is(const char *path, const ndup__section_kind *kind)
{
    int descriptor;
    char magic[MAGIC_BYTES];
    size_t got = 0;
    if (ndup__file_open_read(&descriptor, path, NULL) != NDUP_STATUS_OK) {
        return false;
    }
    ndup_status status = ndup__file_read_at(descriptor, magic, sizeof magic, 0, &got, path, NULL);
    ndup__file_close_quietly(descriptor);
    return status == NDUP_STATUS_OK && got == sizeof magic &&
           memcmp(magic, kind->magic, sizeof magic) == 0;
}
