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
    size_t taken; /* bytes since it was reset */
} ndup__arena;

/* How far an arena has been taken. */
typedef struct ndup__arena_mark {
    ndup__arena_chunk *chunk;
    size_t used;
    size_t taken;
} ndup__arena_mark;

/* `bytes` bytes aligned for any object, valid until reset or deinit. */
NDUP_NODISCARD ndup_status ndup__arena_take(ndup__arena *arena, void **block, size_t bytes,
                                            ndup_error *error);

/* A zero-terminated copy of bytes[0..length). */
NDUP_NODISCARD ndup_status ndup__arena_copy(ndup__arena *arena, char **copy, const char *bytes,
                                            size_t length, ndup_error *error);

/* Gives back the unused tail of the last block taken: it keeps `bytes`. */
void ndup__arena_trim(ndup__arena *arena, void *block, size_t bytes);

/* Where it stands now, and back to there: what was taken since is dropped, and chunks made for one
 * giant block are freed. A mark is good until the arena goes back to an earlier one or is reset. */
ndup__arena_mark ndup__arena_get_mark(const ndup__arena *arena);
void ndup__arena_rewind(ndup__arena *arena, ndup__arena_mark mark);

/* Drops everything and keeps the memory, but for chunks made for one giant block. */
void ndup__arena_reset(ndup__arena *arena);
void ndup__arena_deinit(ndup__arena *arena);

#endif
