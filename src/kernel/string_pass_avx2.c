/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string, 64 bytes at a time in two halves. */
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm256_set1_epi8((char)(value))

typedef struct halves {
    __m256i low;
    __m256i high;
} halves;

NDUP__TARGET_AVX2 static inline uint64_t mask(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

NDUP__TARGET_AVX2 static inline uint64_t equal(halves w, char c)
{
    return mask(_mm256_cmpeq_epi8(w.low, EACH(c)), _mm256_cmpeq_epi8(w.high, EACH(c)));
}

/* Bytes from `first` on, `count` of them in a row of the alphabet. */
NDUP__TARGET_AVX2 static inline __m256i is_in(__m256i bytes, char first, char count)
{
    __m256i from_zero = _mm256_sub_epi8(bytes, EACH(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, EACH(count - 1)), from_zero);
}

NDUP__TARGET_AVX2 static inline uint64_t hex_digits(halves w)
{
    uint64_t digits = mask(is_in(w.low, '0', 10), is_in(w.high, '0', 10));
    __m256i case_bit = EACH(0x20);
    return digits | mask(is_in(_mm256_or_si256(w.low, case_bit), 'a', 6),
                         is_in(_mm256_or_si256(w.high, case_bit), 'a', 6));
}

/* Escaped bytes that make no escape with what is behind them in the window. */
NDUP__TARGET_AVX2 static inline uint64_t broken(halves w, uint64_t escaped, uint64_t letters)
{
    static const char simple[] = "nt\"\\/rbf";
    uint64_t bad = escaped & ~letters;
    for (const char *c = simple; *c != 0 && bad != 0; c++) {
        bad &= ~equal(w, *c);
    }
    if (letters != 0) {
        bad |= ndup__unicode_broken(letters, hex_digits(w));
    }
    return bad;
}

NDUP__TARGET_AVX2 static inline halves load(const char *bytes, size_t left)
{
    char padded[NDUP__STRING_WINDOW];
    if (left < NDUP__STRING_WINDOW) {
        memset(padded, 0, sizeof padded);
        memcpy(padded, bytes, left);
        bytes = padded;
    }
    return (halves){_mm256_loadu_si256((const __m256i *)bytes),
                    _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}

NDUP__TARGET_AVX2
size_t ndup__string_pass_avx2(uint32_t *escaped, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        halves w = load(bytes + at, length - at);
        uint64_t backslashes = equal(w, '\\');
        /* Behind the end are zeros, which no string holds. */
        uint64_t stops = equal(w, '"') | mask(is_in(w.low, 0, 0x20), is_in(w.high, 0, 0x20));
        unsigned whole = NDUP__STRING_WINDOW;
        if (backslashes != 0) {
            uint64_t behind = ndup__escaped_bytes(backslashes);
            uint64_t letters = behind & equal(w, 'u');
            whole = ndup__escapes_whole(backslashes & ~behind, letters);
            uint64_t known = _bzhi_u64(~(uint64_t)0, whole);
            stops = ((stops & ~behind) | broken(w, behind, letters) >> 1) & known;
            *escaped |= (backslashes & ((stops & (0 - stops)) - 1) & known) != 0;
        }
        if (stops != 0) {
            return at + _tzcnt_u64(stops);
        }
        at += whole;
    }
    return length;
}
#else
typedef int ndup__string_pass_avx2_needs_x86;
#endif
