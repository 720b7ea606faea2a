/* SPDX-License-Identifier: MIT */
/* Where the library takes its memory from. */
#ifndef NEARDUP_ALLOCATOR_H
#define NEARDUP_ALLOCATOR_H

#include <stddef.h>

#include "neardup/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One function does all: new_bytes 0 frees, block NULL allocates, otherwise the block is resized
 * and its first min(old_bytes, new_bytes) bytes are kept. It returns NULL on failure and then
 * leaves the block as it was. Results are aligned for any object. It may be called from several
 * threads at once, so it must be thread-safe. A NULL `ndup_allocator *` anywhere in this API, or
 * one without resize, means the C library's heap. */
typedef struct ndup_allocator {
    void *context;
    void *(*resize)(void *context, void *block, size_t old_bytes, size_t new_bytes);
} ndup_allocator;

#ifdef __cplusplus
}
#endif
#endif
