/* SPDX-License-Identifier: MIT */
/* Cells of state words, 16 at a time. */
#include "kernel/cells_pack.h"
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 16

NDUP__TARGET_AVX512 static inline __m128i pack(__m512i words, __m128i shift)
{
    __m512i product = _mm512_mullo_epi32(words, _mm512_set1_epi32((int)NDUP__CELL_MULTIPLIER));
    return _mm512_cvtepi32_epi8(_mm512_srl_epi32(product, shift));
}

NDUP__TARGET_AVX512 void ndup__cells_pack_avx512(uint8_t *cells, const uint32_t *state,
                                                 size_t count, unsigned shift)
{
    __m128i by = _mm_cvtsi32_si128((int)shift);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m128i packed = pack(_mm512_loadu_si512(state + i), by);
        _mm_storeu_si128((__m128i *)(void *)(cells + i), packed);
    }
    if (i < count) {
        __mmask16 left = (__mmask16)_bzhi_u32(UINT32_MAX, (unsigned)(count - i));
        _mm_mask_storeu_epi8(cells + i, left, pack(_mm512_maskz_loadu_epi32(left, state + i), by));
    }
}
#endif
