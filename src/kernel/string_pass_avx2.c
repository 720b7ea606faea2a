/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string, 64 bytes at a time in two halves; as with AVX-512, without
 * asking for escapes. */
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

/* Bytes that can stand behind a backslash have a bit in common in both tables. */
NDUP__TARGET_AVX2 static inline __m256i no_letters(__m256i bytes)
{
    const __m256i lows =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)ndup__escape_lows));
    const __m256i highs =
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)ndup__escape_highs));
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), EACH(0x0F));
    __m256i common =
        _mm256_and_si256(_mm256_shuffle_epi8(lows, bytes), _mm256_shuffle_epi8(highs, high));
    return _mm256_cmpeq_epi8(common, _mm256_setzero_si256());
}

NDUP__TARGET_AVX2 static inline ndup__string_masks find_masks(halves w)
{
    ndup__string_masks m;
    m.backslashes = equal(w, '\\');
    m.ends = equal(w, '"') | mask(is_in(w.low, 0, 0x20), is_in(w.high, 0, 0x20));
    m.us = equal(w, 'u');
    m.letters = ~mask(no_letters(w.low), no_letters(w.high));
    return m;
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
    ndup__string_carry carry = {0, 0};
    uint64_t backslashes = 0;
    for (size_t at = 0; at < length; at += NDUP__STRING_WINDOW) {
        /* Behind the end are zeros, which no string holds. */
        halves window = load(bytes + at, length - at);
        ndup__string_masks m = find_masks(window);
        uint64_t behind = ndup__escaped_bytes(m.backslashes, &carry.escaped);
        uint64_t ends = m.ends & ~behind;
        uint64_t wrong = behind & ~m.letters;
        if (((behind & m.us) | carry.hex) != 0) {
            wrong |= ndup__hex_needed(behind & m.us, &carry) & ~hex_digits(window);
        }
        uint64_t here = ndup__up_to_first(ends);
        if ((wrong & here) != 0) {
            return ndup__string_pass_scalar(escaped, bytes, length);
        }
        backslashes |= m.backslashes & here;
        if (ends != 0) {
            *escaped |= backslashes != 0;
            return at + _tzcnt_u64(ends);
        }
    }
    if ((carry.escaped | carry.hex) != 0) {
        return ndup__string_pass_scalar(escaped, bytes, length);
    }
    *escaped |= backslashes != 0;
    return length;
}
#else
typedef int ndup__string_pass_avx2_needs_x86;
#endif
