/* SPDX-License-Identifier: MIT */
/* Breaths: pauses in long loops over large blocks, in which whoever lends the blocks can see to the
 * memory. Threads that touch much keep within a limit by themselves so, however busy the machine.
 */
#ifndef NDUP__BASE_BREATH_H
#define NDUP__BASE_BREATH_H

#include <stddef.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Threads: locked. A NULL breath is none. */
typedef struct ndup__breath {
    void (*take)(void *context);
    void *context;
} ndup__breath;

/* Between two breaths a loop touches about a MiB: so many elements that lie side by side, or so
 * many that lie anywhere, of which each brings some pages. Both are powers of two. */
#define NDUP__BREATH_IN_ORDER ((size_t)1 << 16)
#define NDUP__BREATH_ANYWHERE ((size_t)1 << 9)

static inline void ndup__breathe(const ndup__breath *breath)
{
    if (breath != NULL) {
        breath->take(breath->context);
    }
}

/* At the beginning of round `i` of a loop, of which every `step`-th takes one. */
static inline void ndup__breathe_at(const ndup__breath *breath, size_t i, size_t step)
{
    if ((i & (step - 1)) == 0) {
        ndup__breathe(breath);
    }
}

/* ndup__allocate_zeroed, memset and memcpy of blocks of any size, piece by piece. */
NDUP_NODISCARD ndup_status ndup__breath_allocate_zeroed(const ndup__breath *breath,
                                                        const ndup_allocator *allocator,
                                                        void *array, size_t count,
                                                        size_t element_bytes, ndup_error *error);
void ndup__breath_fill(const ndup__breath *breath, void *block, int byte, size_t bytes);
void ndup__breath_copy(const ndup__breath *breath, void *to, const void *from, size_t bytes);

#endif
