/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string, 64 bytes at a time. */
#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm512_set1_epi8((char)(value))

NDUP__TARGET_AVX512 static inline uint64_t hex_digits(__m512i bytes)
{
    __m512i low = _mm512_or_si512(bytes, EACH(0x20));
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, EACH('0')), EACH(10)) |
           _mm512_cmplt_epu8_mask(_mm512_sub_epi8(low, EACH('a')), EACH(6));
}

/* Escaped bytes that make no escape with what is behind them in the window. */
NDUP__TARGET_AVX512 static inline uint64_t broken(__m512i bytes, uint64_t escaped, uint64_t letters)
{
    __m512i values = _mm512_permutex2var_epi8(_mm512_loadu_si512(ndup__escape_values), bytes,
                                              _mm512_loadu_si512(ndup__escape_values + 64));
    uint64_t none = _mm512_testn_epi8_mask(values, values) | _mm512_movepi8_mask(bytes);
    uint64_t bad = escaped & none & ~letters;
    if (letters != 0) {
        bad |= ndup__unicode_broken(letters, hex_digits(bytes));
    }
    return bad;
}

NDUP__TARGET_AVX512
size_t ndup__string_pass_avx512(uint32_t *escaped, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
        uint64_t present = _bzhi_u64(~(uint64_t)0, left);
        __m512i window = _mm512_maskz_loadu_epi8(present, bytes + at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        /* Behind the end are zeros, which no string holds. */
        uint64_t stops =
            _mm512_cmpeq_epi8_mask(window, EACH('"')) | _mm512_cmplt_epu8_mask(window, EACH(0x20));
        unsigned whole = NDUP__STRING_WINDOW;
        if (backslashes != 0) {
            uint64_t behind = ndup__escaped_bytes(backslashes);
            uint64_t letters = behind & _mm512_cmpeq_epi8_mask(window, EACH('u'));
            whole = ndup__escapes_whole(backslashes & ~behind, letters);
            uint64_t known = _bzhi_u64(~(uint64_t)0, whole);
            stops = ((stops & ~behind) | broken(window, behind, letters) >> 1) & known;
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
typedef int ndup__string_pass_avx512_needs_x86;
#endif
