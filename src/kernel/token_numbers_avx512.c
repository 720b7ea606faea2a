/* SPDX-License-Identifier: MIT */
/* Hashes of the runs of digits in tokens: masks of 64 bytes at once. */
#include "kernel/token_numbers.h"

#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

NDUP__TARGET_AVX512 size_t ndup__token_numbers_avx512(uint64_t *numbers, const char *tokens,
                                                      size_t length, ndup__word_key key)
{
    ndup__number_scan scan = {.key = key};
    /* One byte of padding, so that the last run ends. */
    for (size_t at = 0; at <= length; at += 64) {
        __m512i from_zero = _mm512_sub_epi8(_mm512_loadu_si512(tokens + at), _mm512_set1_epi8('0'));
        ndup__number_scan_take(&scan, numbers, tokens, at,
                               _mm512_cmplt_epu8_mask(from_zero, _mm512_set1_epi8(10)));
    }
    return scan.count;
}
#endif
