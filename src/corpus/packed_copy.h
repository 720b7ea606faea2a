/* SPDX-License-Identifier: MIT */
/* A copy of bytes in a temporary file, found again by keys: small ones stand as they are, what
 * comes behind is compressed. */
#ifndef NDUP__CORPUS_PACKED_COPY_H
#define NDUP__CORPUS_PACKED_COPY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Compressing costs more than a dedup's own work on the text; what small copies take hardly
 * matters, and is often never written to the disk. */
#define NDUP__COPY_PLAIN_BYTES ((uint64_t)256 << 20)
/* Bytes that are compressed together; fetching one record decodes so many. */
#define NDUP__FRAME_BYTES ((size_t)64 << 10)

/* Some of the bytes of a frame: those of the keys from `key` on. */
typedef struct ndup__span {
    uint64_t key;
    uint64_t length;
} ndup__span;

/* Where in the file the bytes of rising keys stand. With one span it is those bytes; with more, a
 * list of the spans and then their bytes. */
typedef struct ndup__frame {
    uint64_t first;  /* key */
    uint64_t offset; /* in the file */
    uint32_t stored; /* bytes there */
    uint32_t bytes;  /* of spans and list; as many as stored where they are not compressed */
    uint32_t spans;
} ndup__frame;

/* Zero-initialise; nothing can be added or read before it is opened. Threads: any number may add
 * and read. */
typedef struct ndup__packed_copy {
    const ndup_allocator *allocator;
    bool is_open;
    uint64_t serial; /* of this copy among all */
    int file;
    uint64_t plain_most;  /* bytes that stand as they are */
    uint64_t most;        /* of the file */
    pthread_mutex_t lock; /* guards what follows */
    uint64_t stored;      /* bytes of the file */
    ndup__frame *frames;  /* [count] by first */
    size_t count, capacity;
} ndup__packed_copy;

/* Work space of one thread that adds or reads, with the frames that it decoded last. Threads:
 * single-owner. */
typedef struct ndup__frame_room ndup__frame_room;

NDUP_NODISCARD ndup_status ndup__copy_open(ndup__packed_copy *copy, const char *folder,
                                           const ndup_allocator *allocator, ndup_error *error);
void ndup__copy_close(ndup__packed_copy *copy);

/* Makes *room where it is NULL. */
NDUP_NODISCARD ndup_status ndup__frame_room_want(ndup__frame_room **room,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__frame_room_free(ndup__frame_room *room);

/* Adds length > 0 bytes of the keys from `key` on, of which there are none yet. Errors: LIMIT,
 * without a message, beyond copy->most; IO; MEMORY. */
NDUP_NODISCARD ndup_status ndup__copy_add(ndup__packed_copy *copy, ndup__frame_room *room,
                                          uint64_t key, const char *bytes, size_t length,
                                          ndup_error *error);

/* Adds several spans, in the order of their keys, whose bytes follow each other, NDUP__FRAME_BYTES
 * at most. No span of another call lies between them. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__copy_add_spans(ndup__packed_copy *copy, ndup__frame_room *room,
                                                const ndup__span *spans, size_t count,
                                                const char *bytes, ndup_error *error);

/* Copies the bytes of the keys from `key` on to buffer[0..length); *got is less where there are
 * none of the next key. Errors: IO, CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__copy_read(ndup__packed_copy *copy, ndup__frame_room *room,
                                           uint64_t key, char *buffer, size_t length, size_t *got,
                                           ndup_error *error);

#endif
