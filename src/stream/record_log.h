/* SPDX-License-Identifier: MIT */
/* The documents of a stream in the order in which they came, in files of which the oldest can be
 * dropped. FORMAT.md describes the bytes. */
#ifndef NDUP__STREAM_RECORD_LOG_H
#define NDUP__STREAM_RECORD_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Bytes of a path in the folder of a stream. */
#define NDUP__STREAM_PATH_BYTES 4096

/* What is kept of a document: what a stream makes everything else of. */
typedef struct ndup__stream_record {
    bool is_dated;
    bool is_future; /* it has a date that cannot be true yet */
    int64_t milliseconds;
    ndup_text id, source, title, date, text;
} ndup__stream_record;

/* Room for the strings of one record. Zero-initialise. */
typedef struct ndup__record_room {
    char *bytes;
    size_t capacity;
} ndup__record_room;

/* One file: bytes [begin, end) of the log. */
typedef struct ndup__log_file {
    uint64_t begin, end;
    int descriptor;
} ndup__log_file;

/* A place in the log is the number of bytes before it since the first document ever. Threads:
 * single-owner. */
typedef struct ndup__record_log {
    const ndup_allocator *allocator;
    const char *folder;    /* borrowed */
    ndup__log_file *files; /* [count] one behind the other; the last one grows */
    size_t count, capacity;
    ndup__record_room room; /* of the record that is written */
    bool is_synced;
    double synced; /* when it was, by the clock */
} ndup__record_log;

/* Opens the files in the folder, from the one with `place` on, and removes those before. Errors:
 * CORRUPT when bytes from there on are missing; IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__log_open(ndup__record_log *log, const char *folder, uint64_t place,
                                          const ndup_allocator *allocator, ndup_error *error);
void ndup__log_close(ndup__record_log *log);

/* Behind the last record. */
uint64_t ndup__log_end(const ndup__record_log *log);

/* Writes a record behind the others; *place is its. When it returns, the record outlives the
 * process, and from a second or so later on a power failure. Errors: IO, MEMORY; LIMIT for strings
 * of 4 GiB. */
NDUP_NODISCARD ndup_status ndup__log_add(ndup__record_log *log, uint64_t *place,
                                         const ndup__stream_record *record, ndup_error *error);

/* Reads the record at a place; *next is the place of the one behind. Errors: CORRUPT, IO, MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__log_read(ndup__record_log *log, ndup__stream_record *record,
                                          uint64_t *next, uint64_t place, ndup__record_room *room,
                                          ndup_error *error);

/* Cuts off what was not written whole when a process died: from `place` on, the last record that is
 * whole ends. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__log_cut(ndup__record_log *log, uint64_t place, ndup_error *error);

/* Whether a record that is not whole begins at the place, and nothing is behind it: what a process
 * leaves that dies. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__log_is_torn(ndup__record_log *log, bool *is_torn, uint64_t place,
                                             ndup_error *error);

/* Brings everything to the disk. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__log_sync(ndup__record_log *log, ndup_error *error);

/* Removes the files that end before a place. What cannot be removed goes at the next opening. */
void ndup__log_drop(ndup__record_log *log, uint64_t place);

void ndup__record_room_deinit(ndup__record_room *room, const ndup_allocator *allocator);

#endif
