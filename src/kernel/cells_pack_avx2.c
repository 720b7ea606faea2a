/* SPDX-License-Identifier: MIT */
/* Cells of state words, 16 at a time. */
#include "kernel/cells_pack.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 16

NDUP__TARGET_AVX2 static inline __m256i high_halves(const uint32_t *state)
{
    __m256i words = _mm256_loadu_si256((const __m256i *)(const void *)state);
    __m256i product = _mm256_mullo_epi32(words, _mm256_set1_epi32((int)NDUP__CELL_MULTIPLIER));
    return _mm256_srli_epi32(product, 16);
}

NDUP__TARGET_AVX2 void ndup__cells_pack_avx2(uint16_t *cells, const uint32_t *state, size_t count)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m256i both = _mm256_packus_epi32(high_halves(state + i), high_halves(state + i + 8));
        _mm256_storeu_si256((__m256i *)(void *)(cells + i), _mm256_permute4x64_epi64(both, 0xD8));
    }
    ndup__cells_pack_scalar(cells + i, state + i, count - i);
}
#endif
