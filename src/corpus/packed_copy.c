/* SPDX-License-Identifier: MIT */
/* Frames come from several threads, nearly in order, so each is put in its place from behind. */
#include "corpus/packed_copy.h"

#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"
#include "codec/packed_text.h"

#define FILE_NAME "the temporary file"
/* Decoded frames that a thread keeps: neighbours are asked for one after the other, and with them
 * what they are compared with. */
#define FRAMES_KEPT 4

typedef struct kept_frame {
    uint64_t copy; /* its serial; 0: none */
    ndup__frame frame;
    char *bytes;
    size_t capacity;
    uint64_t used; /* when, by the room's clock */
} kept_frame;

struct ndup__frame_room {
    const ndup_allocator *allocator;
    ndup__packer *packer; /* NULL: this build cannot compress */
    char *packed;
    size_t packed_capacity;
    char *made; /* a list of spans and their bytes */
    size_t made_capacity;
    kept_frame kept[FRAMES_KEPT];
    uint64_t clock;
};

ndup_status ndup__copy_open(ndup__packed_copy *copy, const char *folder,
                            const ndup_allocator *allocator, ndup_error *error)
{
    static atomic_uint_fast64_t made;
    *copy = (ndup__packed_copy){.allocator = allocator,
                                .serial = atomic_fetch_add(&made, 1) + 1,
                                .file = -1,
                                .plain_most = NDUP__COPY_PLAIN_BYTES,
                                .most = UINT64_MAX};
    ndup_status status = ndup__temporary_file_open(&copy->file, folder, error);
    if (status == NDUP_STATUS_OK && pthread_mutex_init(&copy->lock, NULL) != 0) {
        ndup__file_close_quietly(copy->file);
        status = ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: a lock");
    }
    copy->is_open = status == NDUP_STATUS_OK;
    return status;
}

void ndup__copy_close(ndup__packed_copy *copy)
{
    if (copy->is_open) {
        ndup__file_close_quietly(copy->file);
        pthread_mutex_destroy(&copy->lock);
        ndup__free(copy->allocator, &copy->frames, copy->capacity, sizeof *copy->frames);
    }
    copy->is_open = false;
}

ndup_status ndup__frame_room_want(ndup__frame_room **room, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    if (*room != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__allocate_zeroed(allocator, room, 1, sizeof **room, error);
    if (status == NDUP_STATUS_OK) {
        (*room)->allocator = allocator;
    }
    return status;
}

void ndup__frame_room_free(ndup__frame_room *room)
{
    if (room == NULL) {
        return;
    }
    const ndup_allocator *allocator = room->allocator;
    ndup__packer_free(room->packer);
    ndup__free(allocator, &room->packed, room->packed_capacity, 1);
    ndup__free(allocator, &room->made, room->made_capacity, 1);
    for (size_t i = 0; i < FRAMES_KEPT; i++) {
        ndup__free(allocator, &room->kept[i].bytes, room->kept[i].capacity, 1);
    }
    ndup__free(allocator, &room, 1, sizeof *room);
}

/* Leaves room->packer NULL where there is no zstd. */
static ndup_status want_packer(ndup__frame_room *room, ndup_error *error)
{
    ndup_error cause = {0};
    if (room->packer != NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__packer_new(&room->packer, room->allocator, &cause);
    if (status == NDUP_STATUS_OK) {
        ndup__packer_hurry(room->packer);
    }
    return status == NDUP_STATUS_UNSUPPORTED ? NDUP_STATUS_OK
           : status != NDUP_STATUS_OK        ? ndup__fail_as(error, &cause)
                                             : status;
}

/* Whether bytes still stand as they are, in one frame of any length, since they are read in their
 * place. */
static bool is_small(ndup__packed_copy *copy, size_t length)
{
    pthread_mutex_lock(&copy->lock);
    bool fits = copy->stored + length <= copy->plain_most;
    pthread_mutex_unlock(&copy->lock);
    return fits;
}

/* Shorter bytes in the room take the place of *stored, if there are. */
static ndup_status pack(const char **stored, size_t *stored_length, ndup__frame_room *room,
                        const char *bytes, size_t length, ndup_error *error)
{
    ndup_status status = want_packer(room, error);
    if (status != NDUP_STATUS_OK || room->packer == NULL) {
        return status;
    }
    size_t packed = 0;
    status = ndup__reserve(room->allocator, &room->packed, &room->packed_capacity,
                           ndup__packed_most(length), 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__pack(room->packer, room->packed, &packed, bytes, length, error);
    }
    if (status == NDUP_STATUS_OK && packed < length) {
        *stored = room->packed;
        *stored_length = packed;
    }
    return status;
}

static ndup_status write_frame(ndup__packed_copy *copy, ndup__frame *frame, const char *bytes,
                               ndup_error *error)
{
    pthread_mutex_lock(&copy->lock);
    bool fits = copy->stored + frame->stored <= copy->most;
    frame->offset = copy->stored;
    copy->stored += fits ? frame->stored : 0;
    pthread_mutex_unlock(&copy->lock);
    return fits ? ndup__file_write_at(copy->file, bytes, frame->stored, frame->offset, FILE_NAME,
                                      error)
                : ndup__fail(error, NDUP_STATUS_LIMIT, "a copy of over %llu bytes",
                             (unsigned long long)copy->most);
}

/* From here on it is found. */
static ndup_status list_frame(ndup__packed_copy *copy, const ndup__frame *frame, ndup_error *error)
{
    pthread_mutex_lock(&copy->lock);
    ndup_status status = ndup__reserve(copy->allocator, &copy->frames, &copy->capacity,
                                       copy->count + 1, sizeof *copy->frames, error);
    if (status == NDUP_STATUS_OK) {
        size_t at = copy->count++;
        for (; at > 0 && copy->frames[at - 1].first > frame->first; at--) {
            copy->frames[at] = copy->frames[at - 1];
        }
        copy->frames[at] = *frame;
    }
    pthread_mutex_unlock(&copy->lock);
    return status;
}

/* `room` NULL: as it is. */
static ndup_status add_frame(ndup__packed_copy *copy, ndup__frame_room *room, uint64_t first,
                             size_t spans, const char *bytes, size_t length, ndup_error *error)
{
    const char *stored = bytes;
    size_t stored_length = length;
    ndup_status status = NDUP_STATUS_OK;
    if (room != NULL) {
        status = pack(&stored, &stored_length, room, bytes, length, error);
    }
    ndup__frame frame = {.first = first,
                         .stored = (uint32_t)stored_length,
                         .bytes = (uint32_t)length,
                         .spans = (uint32_t)spans};
    if (status == NDUP_STATUS_OK) {
        status = write_frame(copy, &frame, stored, error);
    }
    return status == NDUP_STATUS_OK ? list_frame(copy, &frame, error) : status;
}

ndup_status ndup__copy_add(ndup__packed_copy *copy, ndup__frame_room *room, uint64_t key,
                           const char *bytes, size_t length, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (is_small(copy, length)) {
        return add_frame(copy, NULL, key, 1, bytes, length, error);
    }
    for (size_t at = 0; at < length && status == NDUP_STATUS_OK; at += NDUP__FRAME_BYTES) {
        size_t left = length - at;
        status = add_frame(copy, room, key + at, 1, bytes + at,
                           left < NDUP__FRAME_BYTES ? left : NDUP__FRAME_BYTES, error);
    }
    return status;
}

ndup_status ndup__copy_add_spans(ndup__packed_copy *copy, ndup__frame_room *room,
                                 const ndup__span *spans, size_t count, const char *bytes,
                                 ndup_error *error)
{
    size_t list = count * sizeof *spans;
    size_t length = 0;
    if (count == 1) {
        return ndup__copy_add(copy, room, spans[0].key, bytes, (size_t)spans[0].length, error);
    }
    for (size_t i = 0; i < count; i++) {
        length += (size_t)spans[i].length;
    }
    ndup_status status =
        ndup__reserve(room->allocator, &room->made, &room->made_capacity, list + length, 1, error);
    if (status != NDUP_STATUS_OK || count == 0) {
        return status;
    }
    memcpy(room->made, spans, list);
    memcpy(room->made + list, bytes, length);
    return add_frame(copy, is_small(copy, list + length) ? NULL : room, spans[0].key, count,
                     room->made, list + length, error);
}

/* The last frame that begins at or before the key. */
static bool find_frame(ndup__frame *frame, ndup__packed_copy *copy, uint64_t key)
{
    size_t low = 0;
    pthread_mutex_lock(&copy->lock);
    size_t high = copy->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (copy->frames[middle].first <= key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low > 0) {
        *frame = copy->frames[low - 1];
    }
    pthread_mutex_unlock(&copy->lock);
    return low > 0;
}

static ndup_status read_stored(const ndup__packed_copy *copy, char *buffer, uint64_t offset,
                               size_t length, ndup_error *error)
{
    size_t got = 0;
    ndup_status status =
        ndup__file_read_at(copy->file, buffer, length, offset, &got, FILE_NAME, error);
    return status == NDUP_STATUS_OK && got < length
               ? ndup__fail(error, NDUP_STATUS_IO, FILE_NAME " is shorter than it was")
               : status;
}

static ndup_status decode(kept_frame *kept, const ndup__packed_copy *copy, ndup__frame_room *room,
                          const ndup__frame *frame, ndup_error *error)
{
    ndup_status status =
        ndup__reserve(room->allocator, &kept->bytes, &kept->capacity, frame->bytes, 1, error);
    if (status == NDUP_STATUS_OK && frame->stored == frame->bytes) {
        return read_stored(copy, kept->bytes, frame->offset, frame->bytes, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = want_packer(room, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(room->allocator, &room->packed, &room->packed_capacity,
                               frame->stored, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_stored(copy, room->packed, frame->offset, frame->stored, error);
    }
    return status == NDUP_STATUS_OK ? ndup__unpack(room->packer, kept->bytes, frame->bytes,
                                                   room->packed, frame->stored, error)
                                    : status;
}

/* The decoded frame, in place of the one that was not asked for longest. */
static ndup_status want_frame(const char **bytes, const ndup__packed_copy *copy,
                              ndup__frame_room *room, const ndup__frame *frame, ndup_error *error)
{
    kept_frame *oldest = &room->kept[0];
    for (size_t i = 0; i < FRAMES_KEPT; i++) {
        kept_frame *kept = &room->kept[i];
        if (kept->copy == copy->serial && kept->frame.offset == frame->offset) {
            kept->used = ++room->clock;
            *bytes = kept->bytes;
            return NDUP_STATUS_OK;
        }
        oldest = kept->used < oldest->used ? kept : oldest;
    }
    oldest->copy = 0;
    ndup_status status = decode(oldest, copy, room, frame, error);
    if (status == NDUP_STATUS_OK) {
        oldest->copy = copy->serial;
        oldest->frame = *frame;
        oldest->used = ++room->clock;
    }
    *bytes = oldest->bytes;
    return status;
}

/* Where the key's bytes stand in a decoded frame, and how many follow; *left is 0 if it has none.
 */
static const char *find_in(const ndup__frame *frame, const char *bytes, uint64_t key,
                           uint64_t *left)
{
    const char *at = bytes + frame->spans * sizeof(ndup__span);
    *left = 0;
    if (frame->spans == 1) {
        *left = key - frame->first < frame->bytes ? frame->bytes - (key - frame->first) : 0;
        return bytes + (key - frame->first);
    }
    for (size_t i = 0; i < frame->spans; i++) {
        ndup__span span;
        memcpy(&span, bytes + i * sizeof span, sizeof span);
        if (key >= span.key && key - span.key < span.length) {
            *left = span.length - (key - span.key);
            return at + (key - span.key);
        }
        at += span.length;
    }
    return bytes;
}

/* Copies what one frame has of the keys; *count is 0 if that is nothing. */
static ndup_status read_part(ndup__packed_copy *copy, ndup__frame_room *room, uint64_t key,
                             char *buffer, size_t length, size_t *count, ndup_error *error)
{
    ndup__frame frame;
    const char *bytes;
    uint64_t left;
    *count = 0;
    if (!find_frame(&frame, copy, key)) {
        return NDUP_STATUS_OK;
    }
    if (frame.spans == 1 && frame.stored == frame.bytes) { /* read in its place */
        left = key - frame.first < frame.bytes ? frame.bytes - (key - frame.first) : 0;
        *count = left < length ? (size_t)left : length;
        return read_stored(copy, buffer, frame.offset + (key - frame.first), *count, error);
    }
    ndup_status status = want_frame(&bytes, copy, room, &frame, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const char *at = find_in(&frame, bytes, key, &left);
    *count = left < length ? (size_t)left : length;
    memcpy(buffer, at, *count);
    return NDUP_STATUS_OK;
}

ndup_status ndup__copy_read(ndup__packed_copy *copy, ndup__frame_room *room, uint64_t key,
                            char *buffer, size_t length, size_t *got, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t count = 1;
    *got = 0;
    while (status == NDUP_STATUS_OK && *got < length && count > 0) {
        status = read_part(copy, room, key + *got, buffer + *got, length - *got, &count, error);
        *got += status == NDUP_STATUS_OK ? count : 0;
    }
    return status;
}
