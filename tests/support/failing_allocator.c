/* SPDX-License-Identifier: MIT */
/* An allocator that counts, checks what it is told, and fails when asked to. */
#include "support/failing_allocator.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands before each block; its size keeps the block aligned for any object. */
typedef union block_header {
    struct {
        const failing_allocator *owner;
        size_t bytes;
    } is;
    max_align_t alignment;
} block_header;

static void die(const char *what, size_t stated, size_t actual)
{
    fprintf(stderr, "failing_allocator: %s (stated %zu bytes, actual %zu)\n", what, stated, actual);
    abort();
}

static bool must_fail(failing_allocator *self)
{
    size_t call = atomic_fetch_add(&self->calls, 1) + 1;
    if (self->first_failure == 0 || call < self->first_failure || call > self->last_failure) {
        return false;
    }
    atomic_fetch_add(&self->failures, 1);
    return true;
}

static void raise_peak(failing_allocator *self, size_t live)
{
    size_t peak = atomic_load(&self->peak_bytes);
    while (live > peak && !atomic_compare_exchange_weak(&self->peak_bytes, &peak, live)) {
    }
}

static void release(failing_allocator *self, block_header *header)
{
    atomic_fetch_sub(&self->live_bytes, header->is.bytes);
    atomic_fetch_sub(&self->live_blocks, 1);
    memset(header, 0xDD, sizeof *header + header->is.bytes);
    free(header);
}

/* Always moves the block, so that a stale pointer is found by the sanitizers and by 0xDD. */
static void *resize(void *context, void *block, size_t old_bytes, size_t new_bytes)
{
    failing_allocator *self = context;
    block_header *old_header = NULL;
    if (block != NULL) {
        old_header = (block_header *)block - 1;
        if (old_header->is.owner != self) {
            die("block of another allocator", old_bytes, 0);
        }
        if (old_header->is.bytes != old_bytes) {
            die("wrong old_bytes", old_bytes, old_header->is.bytes);
        }
    }
    if (new_bytes == 0) {
        if (old_header != NULL) {
            release(self, old_header);
        }
        return NULL;
    }
    if (must_fail(self) || new_bytes > SIZE_MAX - sizeof(block_header)) {
        return NULL;
    }
    block_header *header = malloc(sizeof *header + new_bytes);
    if (header == NULL) {
        return NULL;
    }
    header->is.owner = self;
    header->is.bytes = new_bytes;
    memset(header + 1, 0xCD, new_bytes);
    atomic_fetch_add(&self->live_blocks, 1);
    raise_peak(self, atomic_fetch_add(&self->live_bytes, new_bytes) + new_bytes);
    if (old_header != NULL) {
        memcpy(header + 1, block, old_bytes < new_bytes ? old_bytes : new_bytes);
        release(self, old_header);
    }
    return header + 1;
}

void failing_allocator_init(failing_allocator *self)
{
    self->allocator = (ndup_allocator){self, resize};
    self->first_failure = 0;
    self->last_failure = 0;
    atomic_init(&self->calls, 0);
    atomic_init(&self->failures, 0);
    atomic_init(&self->live_bytes, 0);
    atomic_init(&self->live_blocks, 0);
    atomic_init(&self->peak_bytes, 0);
}

void failing_allocator_fail_at(failing_allocator *self, size_t call)
{
    self->first_failure = atomic_load(&self->calls) + call;
    self->last_failure = self->first_failure;
}

void failing_allocator_fail_from(failing_allocator *self, size_t call)
{
    self->first_failure = atomic_load(&self->calls) + call;
    self->last_failure = SIZE_MAX;
}

bool failing_allocator_has_failed(const failing_allocator *self)
{
    return atomic_load(&self->failures) > 0;
}

size_t failing_allocator_calls(const failing_allocator *self)
{
    return atomic_load(&self->calls);
}

size_t failing_allocator_live_bytes(const failing_allocator *self)
{
    return atomic_load(&self->live_bytes);
}

size_t failing_allocator_live_blocks(const failing_allocator *self)
{
    return atomic_load(&self->live_blocks);
}

size_t failing_allocator_peak_bytes(const failing_allocator *self)
{
    return atomic_load(&self->peak_bytes);
}
