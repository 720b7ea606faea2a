/* SPDX-License-Identifier: MIT */
/* The state of a stream as one file: sections of bytes, each with a checksum, under its name only
 * when all of it is on the disk. FORMAT.md describes the bytes. */
#ifndef NDUP__STREAM_STATE_FILE_H
#define NDUP__STREAM_STATE_FILE_H

#include "base/new_file.h"

/* Zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__state_writer {
    const ndup_allocator *allocator;
    ndup__new_file file;
    uint64_t bytes; /* written */
} ndup__state_writer;

NDUP_NODISCARD ndup_status ndup__state_begin(ndup__state_writer *writer, const char *path,
                                             ndup_error *error);
/* Writes a section. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__state_put(ndup__state_writer *writer, const void *items,
                                           size_t count, size_t item_bytes, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__state_commit(ndup__state_writer *writer, ndup_error *error);
/* In every case; without a commit nothing is left. */
void ndup__state_end(ndup__state_writer *writer);

typedef struct ndup__state_reader {
    const ndup_allocator *allocator;
    const char *path; /* borrowed */
    int descriptor;
    uint64_t size, at;
} ndup__state_reader;

/* Errors: NOT_FOUND, IO; VERSION for a state of another version, CORRUPT for none. */
NDUP_NODISCARD ndup_status ndup__state_open(ndup__state_reader *reader, const char *path,
                                            const ndup_allocator *allocator, ndup_error *error);
/* Reads the next section into memory of its own, the caller's also on failure. Errors: CORRUPT,
 * MEMORY, IO. */
NDUP_NODISCARD ndup_status ndup__state_get(ndup__state_reader *reader, void *items, size_t *count,
                                           size_t item_bytes, ndup_error *error);
/* The same into items[count]: CORRUPT where there are not so many. */
NDUP_NODISCARD ndup_status ndup__state_fill(ndup__state_reader *reader, void *items, size_t count,
                                            size_t item_bytes, ndup_error *error);
void ndup__state_close(ndup__state_reader *reader);

#endif
