/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string, 64 bytes at a time. Nothing of it asks whether a window
 * holds an escape: every second one does, and which cannot be foreseen. */
#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm512_set1_epi8((char)(value))

NDUP__TARGET_AVX512 static inline ndup__string_masks find_masks(__m512i window)
{
    const __m512i lows =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)ndup__escape_lows));
    const __m512i highs =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)ndup__escape_highs));
    __m512i high = _mm512_and_si512(_mm512_srli_epi16(window, 4), EACH(0x0F));
    ndup__string_masks m;
    m.backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
    m.ends = _mm512_cmpeq_epi8_mask(window, EACH('"')) | _mm512_cmplt_epu8_mask(window, EACH(0x20));
    m.us = _mm512_cmpeq_epi8_mask(window, EACH('u'));
    m.letters =
        _mm512_test_epi8_mask(_mm512_shuffle_epi8(lows, window), _mm512_shuffle_epi8(highs, high));
    return m;
}

NDUP__TARGET_AVX512 static inline uint64_t hex_digits(__m512i bytes)
{
    __m512i low = _mm512_or_si512(bytes, EACH(0x20));
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, EACH('0')), EACH(10)) |
           _mm512_cmplt_epu8_mask(_mm512_sub_epi8(low, EACH('a')), EACH(6));
}

NDUP__TARGET_AVX512
size_t ndup__string_pass_avx512(uint32_t *escaped, const char *bytes, size_t length)
{
    ndup__string_carry carry = {0, 0};
    uint64_t backslashes = 0;
    for (size_t at = 0; at < length; at += NDUP__STRING_WINDOW) {
        unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
        /* Behind the end are zeros, which no string holds. */
        __m512i window = _mm512_maskz_loadu_epi8(_bzhi_u64(~(uint64_t)0, left), bytes + at);
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
typedef int ndup__string_pass_avx512_needs_x86;
#endif
