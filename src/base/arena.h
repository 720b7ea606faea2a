/* SPDX-License-Identifier: MIT */
/* Bump allocation: many small byte strings that are all dropped at once and whose memory is reused.
 */
#ifndef NDUP__BASE_ARENA_H
#define NDUP__BASE_ARENA_H

#include <stddef.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

typedef struct ndup__arena_chunk ndup__arena_chunk;

/* Zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__arena {
    const ndup_allocator *allocator;
    ndup__arena_chunk *first;
    ndup__arena_chunk *current;
} ndup__arena;

/* `bytes` bytes aligned for any object, valid until reset or deinit. */
NDUP_NODISCARD ndup_status ndup__arena_take(ndup__arena *arena, void **block, size_t bytes,
                                            ndup_error *error);

/* A zero-terminated copy of bytes[0..length). */
NDUP_NODISCARD ndup_status ndup__arena_copy(ndup__arena *arena, char **copy, const char *bytes,
                                            size_t length, ndup_error *error);

/* Gives back the unused tail of the last block taken: it keeps `bytes`. */
void ndup__arena_trim(ndup__arena *arena, void *block, size_t bytes);

/* Drops everything and keeps the memory, but for chunks made for one giant block. */
void ndup__arena_reset(ndup__arena *arena);
void ndup__arena_deinit(ndup__arena *arena);

#endif
