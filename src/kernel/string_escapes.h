/* SPDX-License-Identifier: MIT */
/* The escapes of JSON strings as masks over up to 64 bytes: bit i says something of byte i. A
 * window begins between two characters, so nothing is carried from one to the next. */
#ifndef NDUP__KERNEL_STRING_ESCAPES_H
#define NDUP__KERNEL_STRING_ESCAPES_H

#include <stddef.h>
#include <stdint.h>

#define NDUP__STRING_WINDOW 64

/* What the letter behind a backslash stands for, as two lookup tables of 64 bytes; 0 where it makes
 * no escape of two bytes. */
extern const unsigned char ndup__escape_values[128];

/* The bytes behind a backslash that is not itself behind one. Runs of backslashes alternate: adding
 * the beginnings of runs at odd places to the mask carries through these runs alone, and the
 * alternating pattern is turned over there.
 * Source: G. Langdale, D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019,
 * section 3.1.1; without their carry. */
static inline uint64_t ndup__escaped_bytes(uint64_t backslashes)
{
    const uint64_t even = 0x5555555555555555u;
    uint64_t follows = backslashes << 1;
    uint64_t odd_beginnings = backslashes & ~even & ~follows;
    uint64_t turned = (odd_beginnings + backslashes) << 1;
    return (even ^ turned) & follows;
}

/* Of the letters u behind a backslash, those with less than four hex digits behind them in the
 * window. */
static inline uint64_t ndup__unicode_broken(uint64_t letters, uint64_t hex_digits)
{
    uint64_t four = hex_digits >> 1 & hex_digits >> 2 & hex_digits >> 3 & hex_digits >> 4;
    return letters & ~four;
}

/* Up to where escapes are whole in a full window: the last backslash that may go on behind it. */
static inline unsigned ndup__escapes_whole(uint64_t openers, uint64_t letters)
{
    uint64_t cut = (openers & (uint64_t)1 << 63) | (letters >> 1 & (uint64_t)0xF8 << 56);
    return cut != 0 ? (unsigned)__builtin_ctzll(cut) : NDUP__STRING_WINDOW;
}

#endif
