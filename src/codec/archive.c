/* SPDX-License-Identifier: MIT */
/* Archives through libarchive; what compresses a tar goes through our own streams. */
#include "codec/archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "codec/decompress.h"

#ifndef NDUP_HAVE_ARCHIVE
#define NDUP_HAVE_ARCHIVE 0
#endif

/* Where a tar says that it is one. */
#define TAR_MAGIC_OFFSET 257

bool ndup__archive_begins(const char *bytes, size_t length)
{
    return (length >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) ||
           (length >= TAR_MAGIC_OFFSET + 5 && memcmp(bytes + TAR_MAGIC_OFFSET, "ustar", 5) == 0 &&
            memchr(bytes, '\0', TAR_MAGIC_OFFSET) != NULL); /* else a word in a text */
}

#if NDUP_HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define BLOCK_BYTES ((size_t)64 << 10)
/* More than libarchive asks for at a time: it ends the program, or fails badly, where it does not
 * get it. */
#define HEAP_BYTES ((size_t)4 << 20)

struct ndup__archive {
    ndup_allocator allocator;
    struct archive *handle;
    ndup__stream *stream; /* NULL: the file is read by place */
    int descriptor;       /* of such a file; -1 */
    uint64_t size;
    uint64_t offset;    /* of the next byte to be read */
    char *block;        /* [BLOCK_BYTES] what was read last */
    ndup_error failure; /* of reading the file */
    locale_t names;     /* in which names of members are UTF-8; 0 if the system has none */
};

/* libarchive goes by the thread's locale, which for a program that has not asked for one is ASCII,
 * and loses other names. */
static locale_t enter_names(const ndup__archive *archive)
{
    return archive->names != (locale_t)0 ? uselocale(archive->names) : (locale_t)0;
}

static void leave_names(locale_t before)
{
    if (before != (locale_t)0) {
        (void)uselocale(before);
    }
}

bool ndup__archive_is_available(void)
{
    return true;
}

/* libarchive has no number for decoders that could not begin, for want of memory all of them, and
 * no text where it had no memory for one. */
static bool is_memory_problem(int number, const char *problem)
{
    return number == ENOMEM || problem == NULL || strstr(problem, "llocate") != NULL ||
           strstr(problem, "emory") != NULL || strstr(problem, "initialize") != NULL;
}

static ndup_status fail_memory(const char *problem, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the archive reader (%.120s)",
                      problem != NULL ? problem : "no reason");
}

static ndup_status fail_archive(const ndup__archive *archive, ndup_error *error)
{
    const char *problem = archive_error_string(archive->handle);
    if (archive->failure.status != NDUP_STATUS_OK) {
        return ndup__fail_as(error, &archive->failure);
    }
    return is_memory_problem(archive_errno(archive->handle), problem)
               ? fail_memory(problem, error)
               : ndup__fail(error, NDUP_STATUS_CORRUPT, "the archive is damaged: %.120s", problem);
}

static la_ssize_t read_stream(struct archive *handle, void *context, const void **bytes)
{
    ndup__archive *archive = context;
    size_t got;
    *bytes = archive->block;
    if (ndup__stream_read(archive->stream, archive->block, BLOCK_BYTES, &got, &archive->failure) !=
        NDUP_STATUS_OK) {
        archive_set_error(handle, EIO, "%s", archive->failure.message);
        return ARCHIVE_FATAL;
    }
    return (la_ssize_t)got;
}

static la_ssize_t read_place(struct archive *handle, void *context, const void **bytes)
{
    ndup__archive *archive = context;
    size_t got;
    *bytes = archive->block;
    if (ndup__file_read_at(archive->descriptor, archive->block, BLOCK_BYTES, archive->offset, &got,
                           "the archive", &archive->failure) != NDUP_STATUS_OK) {
        archive_set_error(handle, EIO, "%s", archive->failure.message);
        return ARCHIVE_FATAL;
    }
    archive->offset += got;
    return (la_ssize_t)got;
}

static la_int64_t seek_place(struct archive *handle, void *context, la_int64_t offset, int whence)
{
    ndup__archive *archive = context;
    la_int64_t base = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? (la_int64_t)archive->offset
                                           : (la_int64_t)archive->size;
    (void)handle;
    if (offset < -base) {
        return ARCHIVE_FATAL;
    }
    archive->offset = (uint64_t)(base + offset);
    return base + offset;
}

static la_int64_t skip_place(struct archive *handle, void *context, la_int64_t request)
{
    ndup__archive *archive = context;
    la_int64_t left =
        archive->size > archive->offset ? (la_int64_t)(archive->size - archive->offset) : 0;
    la_int64_t skipped = request < left ? request : left;
    (void)handle;
    archive->offset += (uint64_t)skipped;
    return skipped;
}

/* A zip lists its members at its end, so libarchive has to move about in it where it can: not in a
 * pipe, nor in what is decompressed. */
static ndup_status open_stream(bool *is_seekable, ndup__archive *archive, const char *path,
                               ndup_error *error)
{
    ndup__file_info info = {.kind = NDUP__FILE_SPECIAL};
    ndup_status status = NDUP_STATUS_OK;
    if (strcmp(path, "-") != 0) {
        status = ndup__file_get_info(&info, path, error);
    }
    archive->size = info.size;
    *is_seekable = status == NDUP_STATUS_OK && info.kind == NDUP__FILE_REGULAR &&
                   strcmp(ndup__stream_format(archive->stream), "plain") == 0;
    return status;
}

static ndup_status open_handle(ndup__archive *archive, const char *path, ndup_error *error)
{
    struct archive *handle = archive->handle;
    bool is_seekable;
    ndup_status status = open_stream(&is_seekable, archive, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (archive_read_support_format_tar(handle) != ARCHIVE_OK ||
        archive_read_support_format_zip(handle) != ARCHIVE_OK) {
        return fail_memory("formats", error);
    }
    status = ndup__resize(&archive->allocator, &archive->block, 0, BLOCK_BYTES, 1, error);
    if (status == NDUP_STATUS_OK && is_seekable) {
        ndup__stream_close(archive->stream);
        archive->stream = NULL;
        status = ndup__file_open_read(&archive->descriptor, path, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int result = is_seekable ? archive_read_set_seek_callback(handle, seek_place) : ARCHIVE_OK;
    if (result == ARCHIVE_OK) {
        result = is_seekable
                     ? archive_read_open2(handle, archive, NULL, read_place, skip_place, NULL)
                     : archive_read_open(handle, archive, NULL, read_stream, NULL);
    }
    return result == ARCHIVE_OK ? NDUP_STATUS_OK : fail_archive(archive, error);
}

ndup_status ndup__archive_open(ndup__archive **archive, const char *path, ndup__stream **stream,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup__archive *made;
    *archive = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        ndup__stream_close(*stream);
        *stream = NULL;
        return status;
    }
    made->stream = *stream;
    *stream = NULL;
    made->allocator = *ndup__allocator(allocator);
    made->descriptor = -1;
    status = ndup__heap_try(HEAP_BYTES, error);
    if (status != NDUP_STATUS_OK) {
        ndup__archive_close(made);
        return status;
    }
    errno = 0;
    made->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    bool is_memory = made->names == (locale_t)0 && errno == ENOMEM;
    made->handle = archive_read_new();
    status = made->handle == NULL || is_memory
                 ? ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the archive reader")
                 : open_handle(made, path, error);
    if (status != NDUP_STATUS_OK) {
        ndup__archive_close(made);
        return status;
    }
    *archive = made;
    return NDUP_STATUS_OK;
}

void ndup__archive_close(ndup__archive *archive)
{
    if (archive == NULL) {
        return;
    }
    archive_read_free(archive->handle);
    ndup__stream_close(archive->stream);
    if (archive->descriptor >= 0) {
        ndup__file_close_quietly(archive->descriptor);
    }
    if (archive->names != (locale_t)0) {
        freelocale(archive->names);
    }
    ndup_allocator allocator = archive->allocator;
    ndup__free(&allocator, &archive->block, archive->block != NULL ? BLOCK_BYTES : 0, 1);
    ndup__free(&allocator, &archive, 1, sizeof *archive);
}

ndup_status ndup__archive_next(ndup__member *member, bool *more, ndup__archive *archive,
                               ndup_error *error)
{
    struct archive_entry *entry = NULL;
    ndup_status status = ndup__heap_try(HEAP_BYTES, error);
    *more = true;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    locale_t before = enter_names(archive);
    int result = archive_read_next_header(archive->handle, &entry);
    *more = result != ARCHIVE_EOF;
    bool is_there = *more && result >= ARCHIVE_WARN;
    errno = 0;
    const char *name = is_there ? archive_entry_pathname_utf8(entry) : NULL;
    if (is_there && name == NULL) {
        name = archive_entry_pathname(entry);
    }
    bool is_memory = is_there && name == NULL && errno == ENOMEM;
    leave_names(before);
    if (is_memory) {
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the name of a member");
    }
    if (!is_there) {
        return *more ? fail_archive(archive, error) : NDUP_STATUS_OK;
    }
    *member = (ndup__member){
        .name = name,
        .is_file =
            archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL,
        .is_encrypted = archive_entry_is_encrypted(entry) != 0,
        .is_sparse = archive_entry_sparse_count(entry) > 0,
    };
    return NDUP_STATUS_OK;
}

ndup_status ndup__archive_read(ndup__archive *archive, void *buffer, size_t capacity, size_t *got,
                               ndup_error *error)
{
    *got = 0;
    ndup_status status = ndup__heap_try(HEAP_BYTES, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    la_ssize_t count = archive_read_data(archive->handle, buffer, capacity);
    *got = count > 0 ? (size_t)count : 0;
    return count < 0 ? fail_archive(archive, error) : NDUP_STATUS_OK;
}

#else

bool ndup__archive_is_available(void)
{
    return false;
}

ndup_status ndup__archive_open(ndup__archive **archive, const char *path, ndup__stream **stream,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup__stream_close(*stream);
    *stream = NULL;
    (void)path;
    (void)allocator;
    *archive = NULL;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build cannot read archives: install libarchive-dev and build again");
}

void ndup__archive_close(ndup__archive *archive)
{
    (void)archive;
}

ndup_status ndup__archive_next(ndup__member *member, bool *more, ndup__archive *archive,
                               ndup_error *error)
{
    (void)member;
    (void)archive;
    (void)error;
    *more = false;
    return NDUP_STATUS_OK;
}

ndup_status ndup__archive_read(ndup__archive *archive, void *buffer, size_t capacity, size_t *got,
                               ndup_error *error)
{
    (void)archive;
    (void)buffer;
    (void)capacity;
    (void)error;
    *got = 0;
    return NDUP_STATUS_OK;
}

#endif
