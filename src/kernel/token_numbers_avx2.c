/* SPDX-License-Identifier: MIT */
/* Hashes of the runs of digits in tokens: masks of 64 bytes from two halves. */
#include "kernel/token_numbers.h"

#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

NDUP__TARGET_AVX2 static inline __m256i load(const char *bytes)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

NDUP__TARGET_AVX2 static inline uint64_t mask_of(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

/* Bytes from 0x80 on are negative, and less than any digit. */
NDUP__TARGET_AVX2 static inline __m256i digits_of(__m256i x)
{
    return _mm256_and_si256(_mm256_cmpgt_epi8(x, _mm256_set1_epi8('0' - 1)),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8('9' + 1), x));
}

NDUP__TARGET_AVX2 size_t ndup__token_numbers_avx2(uint64_t *numbers, const char *tokens,
                                                  size_t length, ndup__word_key key)
{
    ndup__number_scan scan = {.key = key};
    /* One byte of padding, so that the last run ends. */
    for (size_t at = 0; at <= length; at += 64) {
        uint64_t digits = mask_of(digits_of(load(tokens + at)), digits_of(load(tokens + at + 32)));
        ndup__number_scan_take(&scan, numbers, tokens, at, digits);
    }
    return scan.count;
}
#endif
