/* SPDX-License-Identifier: MIT */
/* Finds the end of a plain run inside a JSON string, eight bytes at a time. */
#ifndef NDUP__KERNEL_STRING_END_H
#define NDUP__KERNEL_STRING_END_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/bytes.h"

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

/* How many of the sixteen bytes at p stand in front of the first that is '"', '\\' or below 0x20;
 * 16 if none is. Without a loop: how long a key or an id is cannot be foreseen. */
static inline unsigned ndup__string_near(const char *p)
{
#if defined(__SSE2__)
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i controls =
        _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
    __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                 _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(marks, controls));
    return (unsigned)__builtin_ctz(mask | 1u << 16);
#else
    uint64_t first = ndup__string_marks(ndup__load_bytes(p));
    uint64_t second = ndup__string_marks(ndup__load_bytes(p + 8));
    unsigned behind = second != 0 ? 8 + ndup__first_marked(second) : 16;
    return first != 0 ? ndup__first_marked(first) : behind;
#endif
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
