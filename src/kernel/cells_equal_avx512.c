/* SPDX-License-Identifier: MIT */
/* Equal cells of two rows, 64 at a time. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 64

NDUP__TARGET_AVX512 size_t ndup__cells_equal_avx512(const uint8_t *a, const uint8_t *b,
                                                    size_t count)
{
    size_t equal = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m512i x = _mm512_loadu_si512(a + i);
        __m512i y = _mm512_loadu_si512(b + i);
        equal += (size_t)_mm_popcnt_u64(_mm512_cmpeq_epi8_mask(x, y));
    }
    if (i < count) {
        __mmask64 left = _bzhi_u64(UINT64_MAX, (unsigned)(count - i));
        __m512i x = _mm512_maskz_loadu_epi8(left, a + i);
        __m512i y = _mm512_maskz_loadu_epi8(left, b + i);
        equal += (size_t)_mm_popcnt_u64(_mm512_mask_cmpeq_epi8_mask(left, x, y));
    }
    return equal;
}
#endif
