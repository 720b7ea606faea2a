/* SPDX-License-Identifier: MIT */
/* Words from bytes, the same on every machine. */
#ifndef NDUP__BASE_BYTES_H
#define NDUP__BASE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint64_t ndup__reverse_bytes(uint64_t word)
{
    return __builtin_bswap64(word);
}

/* The eight bytes at p with the first of them in the lowest position. */
static inline uint64_t ndup__load_bytes(const void *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = ndup__reverse_bytes(word);
#endif
    return word;
}

/* Puts the lowest byte first. */
static inline void ndup__store_bytes(void *p, uint64_t word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = ndup__reverse_bytes(word);
#endif
    memcpy(p, &word, sizeof word);
}

/* The lowest `count` bytes of a word, all of them from 8 on. */
static inline uint64_t ndup__low_bytes(uint64_t word, unsigned count)
{
    return count < 8 ? word & ~(UINT64_MAX << (8 * count)) : word;
}

/* The first `count` of the bytes at p, 0 to 8, read without touching others. */
static inline uint64_t ndup__load_some(const void *p, unsigned count)
{
    unsigned char bytes[8] = {0};
    memcpy(bytes, p, count);
    return ndup__load_bytes(bytes);
}

#endif
