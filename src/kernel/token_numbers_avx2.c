/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens with a digit: masks of 64 bytes from two halves. */
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

NDUP__TARGET_AVX2 static inline __m256i foreign_of(__m256i x)
{
    static const unsigned char leads[] = {NDUP__DIGIT_LEADS};
    __m256i found = _mm256_setzero_si256();
    for (size_t i = 0; i < sizeof leads; i++) {
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(x, _mm256_set1_epi8((char)leads[i])));
    }
    return found;
}

NDUP__TARGET_AVX2 size_t ndup__token_numbers_avx2(uint64_t *numbers, const uint64_t *hashes,
                                                  const char *tokens, size_t length)
{
    const __m256i zero = _mm256_setzero_si256();
    ndup__number_scan scan = {0};
    /* One byte of padding, so that the last token ends. */
    for (size_t at = 0; at <= length; at += 64) {
        __m256i low = load(tokens + at);
        __m256i high = load(tokens + at + 32);
        uint64_t bytes = ~mask_of(_mm256_cmpeq_epi8(low, zero), _mm256_cmpeq_epi8(high, zero));
        if (mask_of(low, high) != 0 && mask_of(foreign_of(low), foreign_of(high)) != 0) {
            return NDUP__NUMBERS_UNKNOWN;
        }
        ndup__number_scan_take(&scan, numbers, hashes, bytes,
                               mask_of(digits_of(low), digits_of(high)));
    }
    return scan.count;
}
#endif
