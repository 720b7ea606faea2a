/* SPDX-License-Identifier: MIT */
/* Memory that ends exactly at an unreadable page: reading one byte too far is a fault. */
#ifndef TEST_SUPPORT_GUARD_BUFFER_H
#define TEST_SUPPORT_GUARD_BUFFER_H

#include <stddef.h>

/* Zero-initialise or fill by guard_buffer_init. */
typedef struct guard_buffer {
    unsigned char *bytes; /* [capacity], whole pages, with a guard page on either side */
    size_t capacity;
    void *mapping;
    size_t mapping_bytes;
} guard_buffer;

/* Room for at least `bytes` bytes. Fails the running test when the system has no memory. */
void guard_buffer_init(guard_buffer *self, size_t bytes);
void guard_buffer_deinit(guard_buffer *self);

/* The last `bytes` bytes before the upper guard page, or the first ones after the lower guard
 * page; bytes <= capacity. For types of more than one byte, use a multiple of their alignment. */
void *guard_buffer_end(const guard_buffer *self, size_t bytes);
void *guard_buffer_start(const guard_buffer *self);

/* Copies data to the end of the buffer and returns that place. */
void *guard_buffer_put(guard_buffer *self, const void *data, size_t bytes);

#endif
