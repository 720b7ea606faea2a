/* SPDX-License-Identifier: MIT */
/* A record is written with one call; what a dying process leaves of it is cut off. */
#include "stream/record_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/hash.h"

#define MAGIC UINT64_C(0x3144524F4345524E) /* "NRECORD1" */
#define HEAD_WORDS 9
#define HEAD_BYTES ((size_t)8 * HEAD_WORDS)
#define STRINGS 5
#define STRING_MOST UINT32_MAX
#define FLAG_DATED 1u
#define FLAG_FUTURE 2u

/* A file that has so many bytes is followed by a new one. */
#define FILE_BYTES ((uint64_t)16 << 20)
#define SYNC_SECONDS 1.0

#define NAME_PREFIX "records-"
#define NAME_DIGITS 16

static void name_file(char path[NDUP__STREAM_PATH_BYTES], const char *folder, uint64_t begin)
{
    snprintf(path, NDUP__STREAM_PATH_BYTES, "%s/" NAME_PREFIX "%016" PRIx64, folder, begin);
}

/* Whether it is the name of a file of the log, and where that begins. */
static bool read_name(uint64_t *begin, const char *name)
{
    size_t prefix = strlen(NAME_PREFIX);
    char *end = NULL;
    if (strncmp(name, NAME_PREFIX, prefix) != 0 || strlen(name) != prefix + NAME_DIGITS) {
        return false;
    }
    *begin = strtoull(name + prefix, &end, 16);
    return *end == '\0';
}

static ndup_status note_file(ndup__record_log *log, uint64_t begin, uint64_t end, int descriptor,
                             ndup_error *error)
{
    ndup_status status = ndup__reserve(log->allocator, &log->files, &log->capacity, log->count + 1,
                                       sizeof *log->files, error);
    if (status == NDUP_STATUS_OK) {
        log->files[log->count++] = (ndup__log_file){begin, end, descriptor};
    } else {
        ndup__file_close_quietly(descriptor);
    }
    return status;
}

static ndup_status open_file(ndup__record_log *log, uint64_t begin, ndup_error *error)
{
    char path[NDUP__STREAM_PATH_BYTES];
    int descriptor;
    ndup__file_info info;
    name_file(path, log->folder, begin);
    ndup_status status = ndup__file_open_kept(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__file_get_descriptor_info(&info, descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        ndup__file_close_quietly(descriptor);
        return status;
    }
    return note_file(log, begin, begin + info.size, descriptor, error);
}

static ndup_status open_files(ndup__record_log *log, char *const *names, size_t count,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint64_t begin;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        if (read_name(&begin, names[i])) { /* by their names they are in order */
            status = open_file(log, begin, error);
        }
    }
    return status;
}

static ndup_status check_files(const ndup__record_log *log, uint64_t place, ndup_error *error)
{
    bool is_whole = log->count > 0 && log->files[0].begin <= place && place <= ndup__log_end(log);
    for (size_t i = 1; i < log->count; i++) {
        is_whole &= log->files[i].begin == log->files[i - 1].end;
    }
    return is_whole ? NDUP_STATUS_OK
                    : ndup__fail(error, NDUP_STATUS_CORRUPT,
                                 "%s: records from place %" PRIu64 " on are missing", log->folder,
                                 place);
}

ndup_status ndup__log_open(ndup__record_log *log, const char *folder, uint64_t place,
                           const ndup_allocator *allocator, ndup_error *error)
{
    ndup__arena arena = {.allocator = allocator};
    char **names;
    size_t count;
    *log = (ndup__record_log){.allocator = allocator, .folder = folder, .is_synced = true};
    ndup_status status = ndup__folder_list(&names, &count, folder, &arena, error);
    if (status == NDUP_STATUS_OK) {
        status = open_files(log, names, count, error);
    }
    ndup__arena_deinit(&arena);
    if (status == NDUP_STATUS_OK && log->count == 0 && place == 0) {
        status = open_file(log, 0, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_files(log, place, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__log_drop(log, place);
    }
    return status;
}

void ndup__log_close(ndup__record_log *log)
{
    for (size_t i = 0; i < log->count; i++) {
        ndup__file_close_quietly(log->files[i].descriptor);
    }
    ndup__free(log->allocator, &log->files, log->capacity, sizeof *log->files);
    ndup__record_room_deinit(&log->room, log->allocator);
}

void ndup__record_room_deinit(ndup__record_room *room, const ndup_allocator *allocator)
{
    ndup__free(allocator, &room->bytes, room->capacity, 1);
}

uint64_t ndup__log_end(const ndup__record_log *log)
{
    return log->files[log->count - 1].end;
}

static ndup_text *string_at(ndup__stream_record *record, unsigned i)
{
    ndup_text *strings[STRINGS] = {&record->id, &record->source, &record->title, &record->date,
                                   &record->text};
    return strings[i];
}

/* The hash is of the head in front of it and of the strings. */
static uint64_t hash_record(const char *bytes, size_t length)
{
    uint64_t head = ndup__hash_bytes(bytes, HEAD_BYTES - 8, 0);
    return ndup__hash_bytes(bytes + HEAD_BYTES, length - HEAD_BYTES, head);
}

static ndup_status code_record(ndup__record_log *log, size_t *length,
                               const ndup__stream_record *given, ndup_error *error)
{
    ndup__stream_record record = *given;
    uint64_t words[HEAD_WORDS] = {
        MAGIC, (record.is_dated ? FLAG_DATED : 0) | (record.is_future ? FLAG_FUTURE : 0),
        (uint64_t)record.milliseconds};
    *length = HEAD_BYTES;
    for (unsigned i = 0; i < STRINGS; i++) {
        words[3 + i] = string_at(&record, i)->length;
        if (words[3 + i] >= STRING_MOST) {
            return ndup__fail(error, NDUP_STATUS_LIMIT, "a document of 4 GiB or more");
        }
        *length += words[3 + i];
    }
    ndup_status status =
        ndup__reserve(log->allocator, &log->room.bytes, &log->room.capacity, *length, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *at = log->room.bytes + HEAD_BYTES;
    for (unsigned i = 0; i < STRINGS; i++) {
        const ndup_text *string = string_at(&record, i);
        if (string->length > 0) {
            memcpy(at, string->bytes, string->length);
            at += string->length;
        }
    }
    for (unsigned i = 0; i + 1 < HEAD_WORDS; i++) {
        ndup__store_bytes(log->room.bytes + (size_t)8 * i, words[i]);
    }
    ndup__store_bytes(log->room.bytes + HEAD_BYTES - 8, hash_record(log->room.bytes, *length));
    return NDUP_STATUS_OK;
}

/* A file that is followed by another one is on the disk as a whole. */
static ndup_status begin_file(ndup__record_log *log, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (ndup__log_end(log) - log->files[log->count - 1].begin >= FILE_BYTES) {
        status = ndup__log_sync(log, error);
        if (status == NDUP_STATUS_OK) {
            status = open_file(log, ndup__log_end(log), error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__file_sync_directory(log->folder, error);
        }
    }
    return status;
}

ndup_status ndup__log_sync(ndup__record_log *log, ndup_error *error)
{
    if (log->is_synced) {
        return NDUP_STATUS_OK;
    }
    log->is_synced = true;
    log->synced = ndup__clock_seconds();
    return ndup__file_sync(log->files[log->count - 1].descriptor, log->folder, error);
}

ndup_status ndup__log_add(ndup__record_log *log, uint64_t *place, const ndup__stream_record *record,
                          ndup_error *error)
{
    size_t length;
    ndup_status status = code_record(log, &length, record, error);
    if (status == NDUP_STATUS_OK) {
        status = begin_file(log, error);
    }
    ndup__log_file *file = &log->files[log->count - 1];
    *place = file->end;
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_write_at(file->descriptor, log->room.bytes, length,
                                     file->end - file->begin, log->folder, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    file->end += length;
    log->is_synced = false;
    return ndup__clock_seconds() - log->synced >= SYNC_SECONDS ? ndup__log_sync(log, error)
                                                               : NDUP_STATUS_OK;
}

static const ndup__log_file *file_of(const ndup__record_log *log, uint64_t place)
{
    size_t i = log->count;
    while (i > 1 && log->files[i - 1].begin > place) {
        i--;
    }
    return &log->files[i - 1];
}

/* The whole record into the room; *length is 0 where it is not whole. */
static ndup_status read_bytes(ndup__record_log *log, size_t *length, uint64_t place,
                              ndup__record_room *room, ndup_error *error)
{
    const ndup__log_file *file = file_of(log, place);
    uint64_t left = file->end - place;
    char head[HEAD_BYTES];
    size_t got = 0;
    *length = 0;
    if (place < file->begin || left < HEAD_BYTES) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__file_read_at(file->descriptor, head, HEAD_BYTES, place - file->begin,
                                            &got, log->folder, error);
    uint64_t bytes = HEAD_BYTES;
    for (unsigned i = 0; i < STRINGS && status == NDUP_STATUS_OK; i++) {
        uint64_t string = ndup__load_bytes(head + (size_t)8 * (3 + i));
        bytes += string < STRING_MOST ? string : left;
    }
    if (status != NDUP_STATUS_OK || bytes > left || got < HEAD_BYTES) {
        return status;
    }
    status = ndup__reserve(log->allocator, &room->bytes, &room->capacity, (size_t)bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_read_at(file->descriptor, room->bytes, (size_t)bytes,
                                    place - file->begin, &got, log->folder, error);
    }
    *length = status == NDUP_STATUS_OK && got == bytes ? got : 0;
    return status;
}

static bool is_whole(const ndup__record_room *room, size_t length)
{
    return length > 0 && ndup__load_bytes(room->bytes) == MAGIC &&
           ndup__load_bytes(room->bytes + HEAD_BYTES - 8) == hash_record(room->bytes, length);
}

ndup_status ndup__log_read(ndup__record_log *log, ndup__stream_record *record, uint64_t *next,
                           uint64_t place, ndup__record_room *room, ndup_error *error)
{
    size_t length;
    ndup_status status = read_bytes(log, &length, place, room, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (!is_whole(room, length)) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: damaged record at place %" PRIu64,
                          log->folder, place);
    }
    uint64_t flags = ndup__load_bytes(room->bytes + 8);
    *record = (ndup__stream_record){.is_dated = (flags & FLAG_DATED) != 0,
                                    .is_future = (flags & FLAG_FUTURE) != 0,
                                    .milliseconds = (int64_t)ndup__load_bytes(room->bytes + 16)};
    const char *at = room->bytes + HEAD_BYTES;
    for (unsigned i = 0; i < STRINGS; i++) {
        size_t bytes = (size_t)ndup__load_bytes(room->bytes + (size_t)8 * (3 + i));
        *string_at(record, i) = (ndup_text){at, bytes};
        at += bytes;
    }
    *next = place + length;
    return NDUP_STATUS_OK;
}

ndup_status ndup__log_is_torn(ndup__record_log *log, bool *is_torn, uint64_t place,
                              ndup_error *error)
{
    size_t length;
    ndup_status status = read_bytes(log, &length, place, &log->room, error);
    bool is_last = file_of(log, place) == &log->files[log->count - 1];
    /* A power failure may leave zeros where the record was to stand. */
    bool is_blank = length > 0 && ndup__load_bytes(log->room.bytes) == 0;
    *is_torn = is_last && (length == 0 || is_blank ||
                           (!is_whole(&log->room, length) && place + length == ndup__log_end(log)));
    return status;
}

ndup_status ndup__log_cut(ndup__record_log *log, uint64_t place, ndup_error *error)
{
    ndup__log_file *file = &log->files[log->count - 1];
    if (ftruncate(file->descriptor, (off_t)(place - file->begin)) != 0) {
        return ndup__fail_errno(error, NDUP_STATUS_IO, errno, "%s: cannot be shortened",
                                log->folder);
    }
    file->end = place;
    log->is_synced = false;
    return NDUP_STATUS_OK;
}

void ndup__log_drop(ndup__record_log *log, uint64_t place)
{
    char path[NDUP__STREAM_PATH_BYTES];
    size_t dropped = 0;
    for (; dropped + 1 < log->count && log->files[dropped].end <= place; dropped++) {
        name_file(path, log->folder, log->files[dropped].begin);
        ndup__file_close_quietly(log->files[dropped].descriptor);
        (void)!ndup__file_remove(path, NULL); /* else it goes at the next opening */
    }
    log->count -= dropped;
    memmove(log->files, log->files + dropped, log->count * sizeof *log->files);
}
