/* SPDX-License-Identifier: MIT */
/* Hashes of windows of tokens: four windows at a time. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm256_set1_epi64x((long long)(value))
#define LANES 4

/* The low 64 bits of x * factor from products of 32 bits. */
NDUP__TARGET_AVX2 static inline __m256i multiply(__m256i x, uint64_t factor)
{
    __m256i low = _mm256_mul_epu32(x, EACH(factor & 0xFFFFFFFF));
    __m256i high =
        _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(x, 32), EACH(factor & 0xFFFFFFFF)),
                         _mm256_mul_epu32(x, EACH(factor >> 32)));
    return _mm256_add_epi64(low, _mm256_slli_epi64(high, 32));
}

NDUP__TARGET_AVX2 static inline __m256i mix(__m256i x)
{
    x = multiply(_mm256_xor_si256(x, _mm256_srli_epi64(x, 30)), 0xBF58476D1CE4E5B9u);
    x = multiply(_mm256_xor_si256(x, _mm256_srli_epi64(x, 27)), 0x94D049BB133111EBu);
    return _mm256_xor_si256(x, _mm256_srli_epi64(x, 31));
}

NDUP__TARGET_AVX2 static inline __m256i rotate(__m256i x, unsigned turns)
{
    __m256i left = _mm256_sllv_epi64(x, EACH(turns & 63));
    __m256i right = _mm256_srlv_epi64(x, EACH(64 - (turns & 63))); /* zero when shifted by 64 */
    return _mm256_or_si256(left, right);
}

/* A constant `size` lets the compiler unroll the rotations. */
NDUP__TARGET_AVX2 static inline size_t hash_windows(uint64_t *shingles, const uint64_t *tokens,
                                                    size_t count, unsigned size)
{
    size_t i = 0;
    for (; count - i >= LANES; i += LANES) {
        __m256i sum = EACH(NDUP__SHINGLE_COUNT * size);
        for (unsigned j = 0; j < size; j++) {
            __m256i words = _mm256_loadu_si256((const __m256i *)(tokens + i + j));
            sum = _mm256_add_epi64(sum, rotate(words, j * NDUP__SHINGLE_ROTATION));
        }
        _mm256_storeu_si256((__m256i *)(shingles + i), mix(sum));
    }
    return i;
}

NDUP__TARGET_AVX2
void ndup__shingle_windows_avx2(uint64_t *shingles, const uint64_t *tokens, size_t count,
                                unsigned size)
{
    size_t done = size == 5 ? hash_windows(shingles, tokens, count, 5)
                            : hash_windows(shingles, tokens, count, size);
    ndup__shingle_windows_scalar(shingles + done, tokens + done, count - done, size);
}
#else
typedef int ndup__shingle_windows_avx2_needs_x86;
#endif
