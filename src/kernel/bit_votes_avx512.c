/* SPDX-License-Identifier: MIT */
/* Votes of hashes for the bits of a SimHash: a hash is a mask of the 64 byte counters that it
 * raises. */
#include "base/hash.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define BLOCK 248 /* hashes that byte counters can hold */

/* ndup__mix64 of eight. */
NDUP__TARGET_AVX512 static inline __m512i mix(__m512i x)
{
    x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 30));
    x = _mm512_mullo_epi64(x, _mm512_set1_epi64((long long)0xBF58476D1CE4E5B9u));
    x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 27));
    x = _mm512_mullo_epi64(x, _mm512_set1_epi64((long long)0x94D049BB133111EBu));
    return _mm512_xor_si512(x, _mm512_srli_epi64(x, 31));
}

NDUP__TARGET_AVX512 static void add_counters(uint32_t *ones, __m512i counters)
{
    uint8_t bytes[64];
    _mm512_storeu_si512(bytes, counters);
    for (size_t i = 0; i < 64; i += 16) {
        __m512i more = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(void *)(bytes + i)));
        _mm512_storeu_si512(ones + i, _mm512_add_epi32(_mm512_loadu_si512(ones + i), more));
    }
}

NDUP__TARGET_AVX512 static __m512i count_block(const uint64_t *hashes, size_t count, __m512i seeds,
                                               uint64_t seed)
{
    const __m512i one = _mm512_set1_epi8(1);
    __m512i counters = _mm512_setzero_si512();
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        uint64_t mixed[LANES];
        _mm512_storeu_si512(mixed, mix(_mm512_xor_si512(_mm512_loadu_si512(hashes + i), seeds)));
        for (size_t lane = 0; lane < LANES; lane++) {
            counters = _mm512_mask_add_epi8(counters, mixed[lane], counters, one);
        }
    }
    for (; i < count; i++) {
        counters = _mm512_mask_add_epi8(counters, ndup__mix64(hashes[i] ^ seed), counters, one);
    }
    return counters;
}

NDUP__TARGET_AVX512 void ndup__bit_votes_avx512(uint32_t *ones, const uint64_t *hashes,
                                                size_t count, uint64_t seed)
{
    const __m512i seeds = _mm512_set1_epi64((long long)seed);
    for (size_t i = 0; i < count; i += BLOCK) {
        size_t left = count - i;
        add_counters(ones, count_block(hashes + i, left < BLOCK ? left : BLOCK, seeds, seed));
    }
}
#endif
