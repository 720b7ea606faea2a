/* SPDX-License-Identifier: MIT */
/* Cells of state words, 16 at a time. */
#include "kernel/cells_pack.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 16

NDUP__TARGET_AVX512 static inline __m256i pack(__m512i words)
{
    __m512i product = _mm512_mullo_epi32(words, _mm512_set1_epi32((int)NDUP__CELL_MULTIPLIER));
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(product, 16));
}

NDUP__TARGET_AVX512 void ndup__cells_pack_avx512(uint16_t *cells, const uint32_t *state,
                                                 size_t count)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        _mm256_storeu_si256((__m256i *)(void *)(cells + i), pack(_mm512_loadu_si512(state + i)));
    }
    if (i < count) {
        __mmask16 left = (__mmask16)_bzhi_u32(UINT32_MAX, (unsigned)(count - i));
        _mm256_mask_storeu_epi16(cells + i, left, pack(_mm512_maskz_loadu_epi32(left, state + i)));
    }
}
#endif
