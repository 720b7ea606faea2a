/* SPDX-License-Identifier: MIT */
/* The hash of one folded token and the hash of k tokens in a row: stored values, never to be
 * changed. */
#ifndef NDUP__KERNEL_WORD_HASH_H
#define NDUP__KERNEL_WORD_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

#define NDUP__WORD_SEED 0x2545F4914F6CDD1Du
#define NDUP__WORD_STEP 0x9FB21C651E98DF25u
#define NDUP__WORD_END 0xD6E8FEB86659FD93u
#define NDUP__SHINGLE_ROTATION 13u /* odd, so that 64 positions turn by 64 different amounts */
#define NDUP__SHINGLE_COUNT 0x9E3779B97F4A7C15u

/* A token is hashed as its folded UTF-8 bytes in little-endian chunks of eight, the last padded
 * with zeros. No token holds a zero byte, so the padding needs no length. Multiplications by odd
 * constants and shifts only: every vector unit can do the same to many words at once. */
static inline uint64_t ndup__word_step(uint64_t hash, uint64_t chunk)
{
    hash = (hash ^ chunk) * NDUP__WORD_STEP;
    return hash ^ (hash >> 32);
}

static inline uint64_t ndup__word_end(uint64_t hash)
{
    hash *= NDUP__WORD_END;
    return hash ^ (hash >> 29);
}

static inline uint64_t ndup__rotate_left(uint64_t x, unsigned count)
{
    return (x << (count & 63u)) | (x >> ((64u - count) & 63u));
}

/* The hash of `count` token hashes in a row: a sum of rotations, finalised. `seed` is the run's
 * seed. */
static inline uint64_t ndup__shingle_hash(const uint64_t *words, size_t count, uint64_t seed)
{
    uint64_t sum = seed + NDUP__SHINGLE_COUNT * (uint64_t)count;
    for (size_t i = 0; i < count; i++) {
        sum += ndup__rotate_left(words[i], (unsigned)i * NDUP__SHINGLE_ROTATION);
    }
    return ndup__mix64(sum);
}

#endif
