/* SPDX-License-Identifier: MIT */
/* Memory that ends exactly at an unreadable page. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "support/guard_buffer.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/test.h"

void guard_buffer_init(guard_buffer *self, size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    self->capacity = (bytes + page - 1) / page * page;
    if (self->capacity == 0) {
        self->capacity = page;
    }
    self->mapping_bytes = self->capacity + 2 * page;
    self->mapping = mmap(NULL, self->mapping_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(self->mapping != MAP_FAILED);
    self->bytes = (unsigned char *)self->mapping + page;
    assert_int_equal(mprotect(self->bytes, self->capacity, PROT_READ | PROT_WRITE), 0);
}

void guard_buffer_deinit(guard_buffer *self)
{
    if (self->mapping != NULL) {
        munmap(self->mapping, self->mapping_bytes);
        *self = (guard_buffer){0};
    }
}

void *guard_buffer_end(const guard_buffer *self, size_t bytes)
{
    assert_true(bytes <= self->capacity);
    return self->bytes + self->capacity - bytes;
}

void *guard_buffer_start(const guard_buffer *self)
{
    return self->bytes;
}

void *guard_buffer_put(guard_buffer *self, const void *data, size_t bytes)
{
    void *place = guard_buffer_end(self, bytes);
    if (bytes > 0) {
        memcpy(place, data, bytes);
    }
    return place;
}
