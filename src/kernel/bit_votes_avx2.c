/* SPDX-License-Identifier: MIT */
/* Votes of hashes for the bits of a SimHash: each half of a hash is spread over 32 byte counters.
 */
#include "base/hash.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define BLOCK 255 /* hashes that byte counters can hold */

/* Byte b of the result is all ones when bit b of `half` is set. */
NDUP__TARGET_AVX2 static inline __m256i spread(uint32_t half)
{
    const __m256i bytes =
        _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201u);
    __m256i copies = _mm256_shuffle_epi8(_mm256_set1_epi32((int)half), bytes);
    return _mm256_cmpeq_epi8(_mm256_and_si256(copies, bits), bits);
}

NDUP__TARGET_AVX2 static void add_counters(uint32_t *ones, __m256i counters)
{
    uint8_t bytes[32];
    _mm256_storeu_si256((__m256i *)(void *)bytes, counters);
    for (size_t i = 0; i < sizeof bytes; i++) {
        ones[i] += bytes[i];
    }
}

NDUP__TARGET_AVX2 void ndup__bit_votes_avx2(uint32_t *ones, const uint64_t *hashes, size_t count,
                                            uint64_t seed)
{
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t end = count - start < BLOCK ? count : start + BLOCK;
        __m256i low = _mm256_setzero_si256();
        __m256i high = low;
        for (size_t i = start; i < end; i++) {
            uint64_t hash = ndup__mix64(hashes[i] ^ seed);
            low = _mm256_sub_epi8(low, spread((uint32_t)hash));
            high = _mm256_sub_epi8(high, spread((uint32_t)(hash >> 32)));
        }
        add_counters(ones, low);
        add_counters(ones + 32, high);
    }
}
#endif
