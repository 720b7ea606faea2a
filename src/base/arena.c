/* SPDX-License-Identifier: MIT */
/* A list of chunks, filled one after the other. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

#define CHUNK_BYTES ((size_t)64 << 10)
#define GIANT_BYTES ((size_t)1 << 20)
/* A new chunk has such a part of what was taken, so that much comes in few large blocks. */
#define CHUNK_PART 4
#define ALIGNMENT alignof(max_align_t)

struct ndup__arena_chunk {
    ndup__arena_chunk *next;
    size_t capacity;
    size_t used;
    alignas(max_align_t) char bytes[];
};

static size_t chunk_size(const ndup__arena_chunk *chunk)
{
    return sizeof *chunk + chunk->capacity;
}

static void free_chunk(ndup__arena *arena, ndup__arena_chunk *chunk)
{
    ndup__free(arena->allocator, &chunk, chunk_size(chunk), 1);
}

/* Moves on to the next chunk, which is unused. One without room for `bytes` is replaced, so that
 * the memory of many rounds does not grow. */
static ndup_status next_chunk(ndup__arena *arena, size_t bytes, ndup_error *error)
{
    ndup__arena_chunk *after = arena->current != NULL ? arena->current->next : arena->first;
    if (after != NULL && after->capacity >= bytes) {
        after->used = 0;
        arena->current = after;
        return NDUP_STATUS_OK;
    }
    size_t usual = arena->taken / CHUNK_PART;
    usual = usual > CHUNK_BYTES ? usual : CHUNK_BYTES;
    size_t capacity = bytes > usual ? bytes : usual;
    ndup__arena_chunk *chunk = NULL;
    ndup_status status =
        ndup__resize(arena->allocator, &chunk, 0, sizeof *chunk + capacity, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    chunk->capacity = capacity;
    chunk->used = 0;
    chunk->next = after != NULL ? after->next : NULL;
    if (after != NULL) {
        free_chunk(arena, after);
    }
    if (arena->current != NULL) {
        arena->current->next = chunk;
    } else {
        arena->first = chunk;
    }
    arena->current = chunk;
    return NDUP_STATUS_OK;
}

ndup_status ndup__arena_take(ndup__arena *arena, void **block, size_t bytes, ndup_error *error)
{
    *block = NULL;
    if (bytes > SIZE_MAX / 2) {
        bytes = SIZE_MAX / 2; /* refused by the allocator, with a message */
    }
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->current == NULL || arena->current->capacity - arena->current->used < bytes) {
        ndup_status status = next_chunk(arena, bytes, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    *block = arena->current->bytes + arena->current->used;
    arena->current->used += bytes;
    arena->taken += bytes;
    return NDUP_STATUS_OK;
}

ndup_status ndup__arena_copy(ndup__arena *arena, char **copy, const char *bytes, size_t length,
                             ndup_error *error)
{
    void *block;
    ndup_status status = ndup__arena_take(arena, &block, length + 1, error);
    *copy = block;
    if (status == NDUP_STATUS_OK) {
        if (length > 0) {
            memcpy(*copy, bytes, length);
        }
        (*copy)[length] = '\0';
    }
    return status;
}

void ndup__arena_trim(ndup__arena *arena, void *block, size_t bytes)
{
    size_t start = (size_t)((char *)block - arena->current->bytes);
    size_t used = start + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    arena->taken -= arena->current->used - used;
    arena->current->used = used;
}

/* Empties the chunks from *link on, and frees the giant ones. */
static void drop_chunks(ndup__arena *arena, ndup__arena_chunk **link)
{
    while (*link != NULL) {
        ndup__arena_chunk *chunk = *link;
        if (chunk->capacity > GIANT_BYTES) {
            *link = chunk->next;
            free_chunk(arena, chunk);
        } else {
            chunk->used = 0;
            link = &chunk->next;
        }
    }
}

ndup__arena_mark ndup__arena_get_mark(const ndup__arena *arena)
{
    const ndup__arena_chunk *chunk = arena->current;
    return (ndup__arena_mark){arena->current, chunk != NULL ? chunk->used : 0, arena->taken};
}

void ndup__arena_rewind(ndup__arena *arena, ndup__arena_mark mark)
{
    if (mark.taken == 0) {
        ndup__arena_reset(arena);
        return;
    }
    drop_chunks(arena, &mark.chunk->next);
    mark.chunk->used = mark.used;
    arena->current = mark.chunk;
    arena->taken = mark.taken;
}

void ndup__arena_reset(ndup__arena *arena)
{
    drop_chunks(arena, &arena->first);
    arena->current = arena->first;
    arena->taken = 0;
}

void ndup__arena_deinit(ndup__arena *arena)
{
    while (arena->first != NULL) {
        ndup__arena_chunk *chunk = arena->first;
        arena->first = chunk->next;
        free_chunk(arena, chunk);
    }
    arena->current = NULL;
    arena->taken = 0;
}
