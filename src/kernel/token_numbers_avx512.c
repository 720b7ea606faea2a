/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens with a digit: masks of 64 bytes at once. */
#include "kernel/token_numbers.h"

#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

NDUP__TARGET_AVX512 static inline uint64_t foreign_of(__m512i x)
{
    static const unsigned char leads[] = {NDUP__DIGIT_LEADS};
    uint64_t found = 0;
    for (size_t i = 0; i < sizeof leads; i++) {
        found |= _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8((char)leads[i]));
    }
    return found;
}

NDUP__TARGET_AVX512 size_t ndup__token_numbers_avx512(uint64_t *numbers, const uint64_t *hashes,
                                                      const char *tokens, size_t length)
{
    ndup__number_scan scan = {0};
    /* One byte of padding, so that the last token ends. */
    for (size_t at = 0; at <= length; at += 64) {
        __m512i x = _mm512_loadu_si512(tokens + at);
        __m512i from_zero = _mm512_sub_epi8(x, _mm512_set1_epi8('0'));
        if (_mm512_movepi8_mask(x) != 0 && foreign_of(x) != 0) {
            return NDUP__NUMBERS_UNKNOWN;
        }
        ndup__number_scan_take(&scan, numbers, hashes, _mm512_test_epi8_mask(x, x),
                               _mm512_cmplt_epu8_mask(from_zero, _mm512_set1_epi8(10)));
    }
    return scan.count;
}
#endif
