/* SPDX-License-Identifier: MIT */
/* The escapes of JSON strings as masks of 64 bytes: bit i says something of byte i. */
#ifndef NDUP__KERNEL_STRING_ESCAPES_H
#define NDUP__KERNEL_STRING_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NDUP__STRING_WINDOW 64

/* What the letter behind a backslash stands for, as two lookup tables of 64 bytes; 0 where it makes
 * no escape of two bytes. */
extern const unsigned char ndup__escape_values[128];

static inline char ndup__escape_value(char letter)
{
    return (unsigned char)letter < 0x80 ? (char)ndup__escape_values[(unsigned char)letter] : '\0';
}

static inline bool ndup__is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Tells if a \u and four hex digits stand at p. */
static inline bool ndup__is_unicode_escape(const char *p, size_t left)
{
    return left >= 6 && p[0] == '\\' && p[1] == 'u' && ndup__is_hex_digit(p[2]) &&
           ndup__is_hex_digit(p[3]) && ndup__is_hex_digit(p[4]) && ndup__is_hex_digit(p[5]);
}

/* The same letters and u, for lookups by half a byte: a letter is one of them where
 * lows[letter % 16] & highs[letter / 16] has a bit. */
extern const unsigned char ndup__escape_lows[16];
extern const unsigned char ndup__escape_highs[16];

/* The bytes behind a backslash that is not itself behind one. *carry is 1 where byte 0 is one of
 * them, and becomes that for the next window. Runs of backslashes alternate: adding the beginnings
 * of runs at odd places to the mask carries through these runs alone, and the alternating pattern
 * is turned over there.
 * Source: G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019,
 * section 3.1.1. */
static inline uint64_t ndup__escaped_bytes(uint64_t backslashes, uint64_t *carry)
{
    const uint64_t even = 0x5555555555555555u;
    backslashes &= ~*carry;
    uint64_t follows = backslashes << 1 | *carry;
    uint64_t odd_beginnings = backslashes & ~even & ~follows;
    uint64_t sum = odd_beginnings + backslashes;
    *carry = sum < backslashes; /* the run goes on behind the window */
    return (even ^ sum << 1) & follows;
}

/* What a window says of a string that goes on in it. */
typedef struct ndup__string_masks {
    uint64_t backslashes;
    uint64_t ends;    /* quotes and control characters */
    uint64_t letters; /* bytes that can stand behind a backslash */
    uint64_t us;      /* the letter u */
} ndup__string_masks;

/* What the next window has to know. */
typedef struct ndup__string_carry {
    uint64_t escaped; /* 1: its first byte is behind a backslash */
    uint64_t hex;     /* bits 0 to 3: bytes that must be hex digits */
} ndup__string_carry;

/* The bytes that must be hex digits, if there are any. */
static inline uint64_t ndup__hex_needed(uint64_t us, ndup__string_carry *carry)
{
    uint64_t needed = us << 1 | us << 2 | us << 3 | us << 4 | carry->hex;
    carry->hex = us >> 63 | us >> 62 | us >> 61 | us >> 60;
    return needed;
}

/* The bytes up to the first of `ends`, with it; all of them where there is none. */
static inline uint64_t ndup__up_to_first(uint64_t ends)
{
    return ends ^ (ends - 1);
}

#endif
