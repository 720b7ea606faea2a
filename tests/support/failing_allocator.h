/* SPDX-License-Identifier: MIT */
/* An allocator that counts, checks what it is told, and fails when asked to. */
#ifndef TEST_SUPPORT_FAILING_ALLOCATOR_H
#define TEST_SUPPORT_FAILING_ALLOCATOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "neardup/allocator.h"

/* Every block carries its size, so a resize that states a wrong old_bytes, or a block of another
 * allocator, aborts the test with a message. A call "counts" when it asks for memory: frees and
 * reallocations to fewer bytes count only if new_bytes > 0. Must not move while in use.
 *
 * The usual loop tries every failure once:
 *
 *     for (size_t n = 1;; n++) {
 *         failing_allocator memory;
 *         failing_allocator_init(&memory);
 *         failing_allocator_fail_at(&memory, n);
 *         ndup_status status = work(&memory.allocator, &error);
 *         assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
 *         if (!failing_allocator_has_failed(&memory)) {
 *             break;
 *         }
 *         assert_status(status, NDUP_STATUS_MEMORY, &error);
 *     }
 *
 * Threads: locked. */
typedef struct failing_allocator {
    ndup_allocator allocator; /* hand this out */
    size_t first_failure;     /* number of the first call that fails, from 1; 0: none */
    size_t last_failure;
    atomic_size_t calls;
    atomic_size_t failures;
    atomic_size_t live_bytes;
    atomic_size_t live_blocks;
    atomic_size_t peak_bytes;
} failing_allocator;

/* Fails nothing. */
void failing_allocator_init(failing_allocator *self);

/* Only call number `call` fails, or every one from it on; counted from now, the next being 1. */
void failing_allocator_fail_at(failing_allocator *self, size_t call);
void failing_allocator_fail_from(failing_allocator *self, size_t call);

bool failing_allocator_has_failed(const failing_allocator *self);
size_t failing_allocator_calls(const failing_allocator *self);
size_t failing_allocator_live_bytes(const failing_allocator *self);
size_t failing_allocator_live_blocks(const failing_allocator *self);
size_t failing_allocator_peak_bytes(const failing_allocator *self);

#endif
