/* SPDX-License-Identifier: MIT */
/* Allocator calls; no other file of the library names the C heap. */
#define _DEFAULT_SOURCE /* madvise, where there is one */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/error.h"

static void *heap_resize(void *context, void *block, size_t old_bytes, size_t new_bytes)
{
    (void)context;
    (void)old_bytes;
    if (new_bytes == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_bytes);
}

static const ndup_allocator heap = {NULL, heap_resize};

const ndup_allocator *ndup__allocator(const ndup_allocator *given)
{
    return given != NULL && given->resize != NULL ? given : &heap;
}

bool ndup__multiply(size_t *product, size_t a, size_t b)
{
    return !__builtin_mul_overflow(a, b, product);
}

/* `array` is the address of a typed pointer; memcpy moves the pointer without breaking aliasing
 * rules. */
static void *load_pointer(const void *array)
{
    void *block;
    memcpy(&block, array, sizeof block);
    return block;
}

static void store_pointer(void *array, void *block)
{
    memcpy(array, &block, sizeof block);
}

ndup_status ndup__resize(const ndup_allocator *allocator, void *array, size_t old_count,
                         size_t new_count, size_t element_bytes, ndup_error *error)
{
    const ndup_allocator *use = ndup__allocator(allocator);
    size_t new_bytes;
    if (!ndup__multiply(&new_bytes, new_count, element_bytes)) {
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: %zu elements of %zu bytes",
                          new_count, element_bytes);
    }
    void *block = load_pointer(array);
    if (new_bytes == 0) {
        if (block != NULL) {
            use->resize(use->context, block, old_count * element_bytes, 0);
        }
        store_pointer(array, NULL);
        return NDUP_STATUS_OK;
    }
    void *resized =
        use->resize(use->context, block, block != NULL ? old_count * element_bytes : 0, new_bytes);
    if (resized == NULL) {
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: %zu bytes", new_bytes);
    }
    store_pointer(array, resized);
    return NDUP_STATUS_OK;
}

ndup_status ndup__allocate_zeroed(const ndup_allocator *allocator, void *array, size_t count,
                                  size_t element_bytes, ndup_error *error)
{
    store_pointer(array, NULL);
    ndup_status status = ndup__resize(allocator, array, 0, count, element_bytes, error);
    if (status == NDUP_STATUS_OK && count > 0) {
        memset(load_pointer(array), 0, count * element_bytes);
    }
    return status;
}

ndup_status ndup__grow(const ndup_allocator *allocator, void *array, size_t *capacity,
                       size_t wanted, size_t element_bytes, ndup_error *error)
{
    size_t grown = *capacity < 16 ? 16 : *capacity + *capacity / 2;
    if (grown < wanted) {
        grown = wanted;
    }
    ndup_status status = ndup__resize(allocator, array, *capacity, grown, element_bytes, error);
    if (status == NDUP_STATUS_OK) {
        *capacity = grown;
    }
    return status;
}

/* Advice about the whole pages among some bytes, and about the one that they begin in. */
static void advise(void *bytes, size_t count, int advice)
{
    const uintptr_t page = 4096;
    uintptr_t begin = (uintptr_t)bytes & ~(page - 1);
    uintptr_t end = ((uintptr_t)bytes + count) & ~(page - 1);
    if (bytes != NULL && begin < end) {
        (void)madvise((void *)begin, end - begin, advice);
    }
}

void ndup__hint_large(void *array, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    advise(array, bytes, MADV_HUGEPAGE);
#else
    (void)array;
    (void)bytes;
#endif
}

void ndup__hint_soon(void *bytes, size_t count)
{
#ifdef MADV_POPULATE_WRITE /* Linux 5.14 */
    advise(bytes, count, MADV_POPULATE_WRITE);
#else
    (void)bytes;
    (void)count;
#endif
}

void ndup__free(const ndup_allocator *allocator, void *array, size_t count, size_t element_bytes)
{
    const ndup_allocator *use = ndup__allocator(allocator);
    void *block = load_pointer(array);
    if (block != NULL) {
        use->resize(use->context, block, count * element_bytes, 0);
        store_pointer(array, NULL);
    }
}

ndup_status ndup__heap_try(size_t bytes, ndup_error *error)
{
    char *room = NULL;
    ndup_status status = ndup__resize(NULL, &room, 0, bytes, 1, error);
    ndup__free(NULL, &room, bytes, 1);
    return status;
}

void ndup__heap_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
