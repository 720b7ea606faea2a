/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at a time in one 64-bit word: which are letters and digits of ASCII. */
#ifndef NDUP__TEXT_ASCII_CHUNK_H
#define NDUP__TEXT_ASCII_CHUNK_H

#include <stddef.h>
#include <stdint.h>

/* A flag per byte is that byte's top bit. Byte i of the text is bits 8i to 8i + 7. */
#define NDUP__FLAGS 0x8080808080808080u
#define NDUP__EACH_BYTE 0x0101010101010101u

/* Compilers turn this into one load. */
static inline uint64_t ndup__chunk_load(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

/* Fewer than eight bytes, padded with zeros. */
static inline uint64_t ndup__chunk_load_part(const char *text, size_t length)
{
    uint64_t chunk = 0;
    for (size_t i = 0; i < length; i++) {
        chunk |= (uint64_t)(unsigned char)text[i] << (8 * i);
    }
    return chunk;
}

/* Flags the bytes in low..high, both below 0x80; bytes of 0x80 and more are not flagged. With the
 * top bits cleared no sum carries into the next byte. */
static inline uint64_t ndup__chunk_in_range(uint64_t chunk, unsigned low, unsigned high)
{
    uint64_t seven_bits = chunk & ~NDUP__FLAGS;
    uint64_t at_least_low = seven_bits + NDUP__EACH_BYTE * (0x80u - low);
    uint64_t above_high = seven_bits + NDUP__EACH_BYTE * (0x7Fu - high);
    return at_least_low & ~above_high & ~chunk & NDUP__FLAGS;
}

static inline uint64_t ndup__chunk_digits(uint64_t chunk)
{
    return ndup__chunk_in_range(chunk, '0', '9');
}

static inline uint64_t ndup__chunk_letters(uint64_t chunk)
{
    return ndup__chunk_in_range(chunk | NDUP__EACH_BYTE * 0x20u, 'a', 'z');
}

/* Folds letters; digits have the bit already. Other bytes become nonsense. */
static inline uint64_t ndup__chunk_fold(uint64_t chunk)
{
    return chunk | NDUP__EACH_BYTE * 0x20u;
}

/* The position of the first flag; at least one must be set. */
static inline unsigned ndup__chunk_first(uint64_t flags)
{
    return (unsigned)__builtin_ctzll(flags) / 8;
}

/* The first `count` bytes, count < 8. */
static inline uint64_t ndup__chunk_head(uint64_t chunk, unsigned count)
{
    return chunk & (((uint64_t)1 << (8 * count)) - 1);
}

#endif
