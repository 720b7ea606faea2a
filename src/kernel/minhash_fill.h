/* SPDX-License-Identifier: MIT */
/* The empty slots of a state, gathered for the vector variants of minhash_fill. */
#ifndef NDUP__KERNEL_MINHASH_FILL_H
#define NDUP__KERNEL_MINHASH_FILL_H

#include <stddef.h>
#include <stdint.h>

/* Functions of slots that are filled together. */
#define NDUP__FILL_BATCH 64

typedef struct ndup__fill_batch {
    uint64_t multipliers[NDUP__FILL_BATCH];
    uint64_t addends[NDUP__FILL_BATCH];
    uint32_t *slots[NDUP__FILL_BATCH];
    size_t used;
} ndup__fill_batch;

/* Gathers the next empty slots from state[*at] on, and moves *at behind them. Unused places up to a
 * multiple of 16 are zeroed. Result: how many were found. */
static inline size_t ndup__fill_gather(ndup__fill_batch *batch, size_t *at, uint32_t *state,
                                       size_t slots, const uint64_t *multipliers,
                                       const uint64_t *addends)
{
    size_t used = 0;
    size_t i = *at;
    for (; i < slots && used < NDUP__FILL_BATCH; i++) {
        /* Without a branch: which slots are empty is unpredictable. */
        batch->multipliers[used] = multipliers[i];
        batch->addends[used] = addends[i];
        batch->slots[used] = &state[i];
        used += state[i] == UINT32_MAX;
    }
    *at = i;
    batch->used = used;
    for (; used % 16 != 0; used++) {
        batch->multipliers[used] = 0;
        batch->addends[used] = 0;
    }
    return batch->used;
}

#endif
