/* SPDX-License-Identifier: MIT */
/* Finds the end of a plain run inside a JSON string, eight bytes at a time. */
#ifndef NDUP__KERNEL_STRING_END_H
#define NDUP__KERNEL_STRING_END_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The eight bytes at p with the first of them in the lowest position. */
static inline uint64_t ndup__load_bytes(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Index of the first byte marked in a non-zero mask of top bits. */
static inline unsigned ndup__first_marked(uint64_t marks)
{
    return (unsigned)__builtin_ctzll(marks) / 8;
}

/* Marks, by their top bits, the bytes of `word` that are '"', '\\' or below 0x20. Flipping bit 1
 * puts '"' at 0x20, just above the controls, so one subtraction finds both. The borrow of a hit may
 * mark bytes above it by mistake; the lowest mark is always right. */
static inline uint64_t ndup__string_marks(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t controls = (word ^ (ones * 0x02)) - ones * 0x21;
    uint64_t backslashes = (word ^ (ones * 0x5C)) - ones;
    return (controls | backslashes) & ~word & (ones * 0x80);
}

static inline bool ndup__is_string_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* The first byte of [p, end) that is '"', '\\' or below 0x20, or `end`. Reads nothing outside. */
static inline const char *ndup__string_end(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t marks = ndup__string_marks(ndup__load_bytes(p));
        if (marks != 0) {
            return p + ndup__first_marked(marks);
        }
        p += 8;
    }
    while (p < end && ndup__is_string_plain(*p)) {
        p++;
    }
    return p;
}

#endif
