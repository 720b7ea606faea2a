/* SPDX-License-Identifier: MIT */
/* Hashes of windows of tokens: the definition. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

/* A constant `size` lets the compiler unroll the rotations. */
static inline void hash_windows(uint64_t *shingles, const uint64_t *tokens, size_t count,
                                unsigned size)
{
    for (size_t i = 0; i < count; i++) {
        shingles[i] = ndup__shingle_hash(tokens + i, size);
    }
}

void ndup__shingle_windows_scalar(uint64_t *shingles, const uint64_t *tokens, size_t count,
                                  unsigned size)
{
    if (size == 5) {
        hash_windows(shingles, tokens, count, 5);
    } else {
        hash_windows(shingles, tokens, count, size);
    }
}
