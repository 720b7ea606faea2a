/* SPDX-License-Identifier: MIT */
/* The only door to the heap: allocator calls with checked sizes, and growing arrays. */
#ifndef NDUP__BASE_ALLOC_H
#define NDUP__BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* The allocator to use for `given`, which may be NULL. */
const ndup_allocator *ndup__allocator(const ndup_allocator *given);

/* product = a * b; false when it does not fit. */
bool ndup__multiply(size_t *product, size_t a, size_t b);

/* Resizes *array from old_count to new_count elements; new_count 0 frees and sets NULL. On failure
 * *array is unchanged and the status is MEMORY. New elements are not cleared. */
NDUP_NODISCARD ndup_status ndup__resize(const ndup_allocator *allocator, void *array,
                                        size_t old_count, size_t new_count, size_t element_bytes,
                                        ndup_error *error);

/* Like ndup__resize from nothing, with every byte zero. */
NDUP_NODISCARD ndup_status ndup__allocate_zeroed(const ndup_allocator *allocator, void *array,
                                                 size_t count, size_t element_bytes,
                                                 ndup_error *error);

/* ndup__reserve where there is no room. */
NDUP_NODISCARD ndup_status ndup__grow(const ndup_allocator *allocator, void *array,
                                      size_t *capacity, size_t wanted, size_t element_bytes,
                                      ndup_error *error);

/* Grows *array geometrically until it holds at least `wanted` elements; *capacity is updated. */
NDUP_NODISCARD static inline ndup_status ndup__reserve(const ndup_allocator *allocator, void *array,
                                                       size_t *capacity, size_t wanted,
                                                       size_t element_bytes, ndup_error *error)
{
    return wanted <= *capacity
               ? NDUP_STATUS_OK
               : ndup__grow(allocator, array, capacity, wanted, element_bytes, error);
}

/* Says that all of a large array will be filled, so that the system may give it large pages: fewer
 * page faults. A hint; the contents stay. */
void ndup__hint_large(void *array, size_t bytes);

/* Says that these bytes of an array are about to be written: their page faults are taken together,
 * which costs half as much. A hint; the contents stay. */
void ndup__hint_soon(void *bytes, size_t count);

/* Frees an array of `count` elements; a NULL array is allowed. Sets *array to NULL. */
void ndup__free(const ndup_allocator *allocator, void *array, size_t count, size_t element_bytes);

/* Whether so many bytes of the C library's heap can be had, which are given back: before calls of
 * libraries that do not bear a lack of memory. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__heap_try(size_t bytes, ndup_error *error);

/* Gives freed memory that the C library keeps back to the system, where it can do that: between
 * steps of which each takes much. */
void ndup__heap_trim(void);

#endif
