/* SPDX-License-Identifier: MIT */
/* Equal cells of two rows, 32 at a time. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 32

NDUP__TARGET_AVX2 size_t ndup__cells_equal_avx2(const uint8_t *a, const uint8_t *b, size_t count)
{
    size_t equal = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(a + i));
        __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(b + i));
        int same = _mm256_movemask_epi8(_mm256_cmpeq_epi8(x, y));
        equal += (size_t)_mm_popcnt_u32((unsigned)same);
    }
    return equal + ndup__cells_equal_scalar(a + i, b + i, count - i);
}
#endif
