/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots, eight functions at a time over each hash.
 *
 * At most the high 32 bits of the least value are asked for, so only the high half of each 64-bit
 * value is worked out: high(low(m) * low(h) + addend) + low(m) * high(h) + high(m) * low(h). Lane
 * 2i stands for function i, lane 2i + 1 for function i + 4. */
#include "kernel/minhash_fill.h"

#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define ODD 0xAA /* lanes of a blend */

NDUP__TARGET_AVX2 static inline __m256i load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

NDUP__TARGET_AVX2 static void least_8(uint32_t *least, const uint64_t *multipliers,
                                      const uint64_t *addends, const uint64_t *hashes, size_t count)
{
    const __m256i even = load(multipliers);
    const __m256i odd = load(multipliers + 4);
    const __m256i low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), ODD);
    const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, ODD);
    const __m256i addend_even = load(addends);
    const __m256i addend_odd = load(addends + 4);
    __m256i lowest = _mm256_set1_epi32(-1);
    for (size_t i = 0; i < count; i++) {
        __m256i hash_low = _mm256_set1_epi32((int)(uint32_t)hashes[i]);
        __m256i hash_high = _mm256_set1_epi32((int)(uint32_t)(hashes[i] >> 32));
        __m256i product_even = _mm256_add_epi64(_mm256_mul_epu32(even, hash_low), addend_even);
        __m256i product_odd = _mm256_add_epi64(_mm256_mul_epu32(odd, hash_low), addend_odd);
        __m256i cross = _mm256_add_epi32(_mm256_mullo_epi32(low, hash_high),
                                         _mm256_mullo_epi32(high, hash_low));
        __m256i product = _mm256_blend_epi32(_mm256_srli_epi64(product_even, 32), product_odd, ODD);
        lowest = _mm256_min_epu32(lowest, _mm256_add_epi32(product, cross));
    }
    _mm256_storeu_si256((__m256i *)(void *)least, lowest);
}

NDUP__TARGET_AVX2 void ndup__minhash_fill_avx2(uint32_t *state, size_t slots,
                                               const uint64_t *multipliers, const uint64_t *addends,
                                               const uint64_t *hashes, size_t count, unsigned bits,
                                               uint32_t tag)
{
    ndup__fill_batch batch;
    uint32_t least[NDUP__FILL_BATCH];
    size_t at = 0;
    while (ndup__fill_gather(&batch, &at, state, slots, multipliers, addends) > 0) {
        for (size_t i = 0; i < batch.used; i += LANES) {
            least_8(least + i, batch.multipliers + i, batch.addends + i, hashes, count);
        }
        for (size_t i = 0; i < batch.used; i++) {
            size_t lane = i / LANES * LANES + i % 4 * 2 + i % LANES / 4;
            *batch.slots[i] = tag | least[lane] >> (32 - bits);
        }
    }
}
#endif
