/* SPDX-License-Identifier: MIT */
/* Cells of state words, 32 at a time. */
#include "kernel/cells_pack.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 32

/* The bytes of eight words, one in each 32-bit lane. */
NDUP__TARGET_AVX2 static inline __m256i bytes_of(const uint32_t *state, __m128i shift)
{
    __m256i words = _mm256_loadu_si256((const __m256i *)(const void *)state);
    __m256i product = _mm256_mullo_epi32(words, _mm256_set1_epi32((int)NDUP__CELL_MULTIPLIER));
    return _mm256_and_si256(_mm256_srl_epi32(product, shift), _mm256_set1_epi32(0xFF));
}

NDUP__TARGET_AVX2 void ndup__cells_pack_avx2(uint8_t *cells, const uint32_t *state, size_t count,
                                             unsigned shift)
{
    __m128i by = _mm_cvtsi32_si128((int)shift);
    /* Packing works on halves: 32-bit lane k of the result holds words 4 * order[k] and on. */
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m256i low = _mm256_packus_epi32(bytes_of(state + i, by), bytes_of(state + i + 8, by));
        __m256i high =
            _mm256_packus_epi32(bytes_of(state + i + 16, by), bytes_of(state + i + 24, by));
        __m256i all = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(low, high), order);
        _mm256_storeu_si256((__m256i *)(void *)(cells + i), all);
    }
    ndup__cells_pack_scalar(cells + i, state + i, count - i, shift);
}
#endif
