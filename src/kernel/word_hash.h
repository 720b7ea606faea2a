/* SPDX-License-Identifier: MIT */
/* The hash of one folded token, keyed, and the hash of k tokens in a row: stored values, never to
 * be changed. */
#ifndef NDUP__KERNEL_WORD_HASH_H
#define NDUP__KERNEL_WORD_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

#define NDUP__WORD_END 0xD6E8FEB86659FD93u
#define NDUP__SHINGLE_ROTATION 13u /* odd, so that 64 positions turn by 64 different amounts */
#define NDUP__SHINGLE_COUNT 0x9E3779B97F4A7C15u

/* What hashes of tokens depend on, made from the seed of a run. */
typedef struct ndup__word_key {
    uint64_t start;
    uint64_t step; /* odd */
} ndup__word_key;

static inline ndup__word_key ndup__word_key_of(uint64_t seed)
{
    uint64_t state = seed;
    uint64_t start = ndup__splitmix64(&state);
    return (ndup__word_key){start, ndup__splitmix64(&state) | 1};
}

/* A token is hashed as its folded UTF-8 bytes in little-endian chunks of eight, the last padded
 * with zeros; `hash` begins with key.start. No token holds a zero byte, so the padding needs no
 * length. Multiplications by an odd number and shifts only: every vector unit can do the same to
 * many words at once. The first shift takes the high bits of a chunk to where the multiplication
 * spreads them: without it two words that differ there would meet whatever the key. */
static inline uint64_t ndup__word_step(uint64_t hash, uint64_t chunk, ndup__word_key key)
{
    hash ^= chunk;
    hash = (hash ^ (hash >> 32)) * key.step;
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

/* The hash of `count` token hashes in a row: a sum of rotations, finalised. */
static inline uint64_t ndup__shingle_hash(const uint64_t *words, size_t count)
{
    uint64_t sum = NDUP__SHINGLE_COUNT * (uint64_t)count;
    for (size_t i = 0; i < count; i++) {
        sum += ndup__rotate_left(words[i], (unsigned)i * NDUP__SHINGLE_ROTATION);
    }
    return ndup__mix64(sum);
}

#endif
