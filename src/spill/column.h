/* SPDX-License-Identifier: MIT */
/* An array that is written from its beginning to its end and then read anywhere: in memory as far
 * as that goes, else in a temporary file that is mapped. */
#ifndef NDUP__SPILL_COLUMN_H
#define NDUP__SPILL_COLUMN_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Zero-initialise with ndup__column_init. Threads: single-owner until sealed, then immutable but
 * for what the owner writes to `bytes`. */
typedef struct ndup__column {
    const ndup_allocator *allocator;
    const char *folder;
    uint64_t held_most;
    char *held;
    size_t held_bytes;
    size_t held_capacity;
    int file; /* -1: all is in memory */
    uint64_t file_bytes;
    void *bytes; /* [total], from ndup__column_seal on; NULL when empty */
    uint64_t total;
} ndup__column;

void ndup__column_init(ndup__column *column, uint64_t held_most, const char *folder,
                       const ndup_allocator *allocator);
void ndup__column_deinit(ndup__column *column);

/* Errors: MEMORY; those of writing the temporary file. */
NDUP_NODISCARD ndup_status ndup__column_append(ndup__column *column, const void *bytes,
                                               size_t length, ndup_error *error);

/* Ends the writing. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__column_seal(ndup__column *column, ndup_error *error);

/* Makes an empty column one of `total` bytes, all zero, that may be written anywhere. Errors:
 * MEMORY; IO, also for a full disk. */
NDUP_NODISCARD ndup_status ndup__column_fill(ndup__column *column, uint64_t total,
                                             ndup_error *error);

#endif
