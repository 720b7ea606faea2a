/* SPDX-License-Identifier: MIT */
/* Common elements of two sorted sets, eight against eight: all pairs of a block of each are
 * compared, then the block that ends first gives way to its next. Every pair of blocks that could
 * share an element meets once. */
#include "kernel/set_intersection.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define BLOCKS 8 /* pairs of blocks between looks at whether `least` is still in reach */

/* How many of the eight at a stand among the eight at b. */
NDUP__TARGET_AVX512 static inline size_t compare(const uint64_t *a, const uint64_t *b)
{
    const __m512i x = _mm512_loadu_si512(a);
    __mmask8 odd = 0xFF;
    __mmask8 even = 0xFF;
    for (size_t lane = 0; lane < LANES; lane += 2) {
        even = _mm512_mask_cmpneq_epi64_mask(even, x, _mm512_set1_epi64((long long)b[lane]));
        odd = _mm512_mask_cmpneq_epi64_mask(odd, x, _mm512_set1_epi64((long long)b[lane + 1]));
    }
    return LANES - (size_t)_mm_popcnt_u32((unsigned)(even & odd));
}

/* Merges as many pairs of blocks as both sets have for sure. */
NDUP__TARGET_AVX512 static inline void merge_blocks(ndup__set_cursor *at, size_t blocks)
{
    const uint64_t *a = at->a;
    const uint64_t *b = at->b;
    size_t found = 0;
    for (; blocks > 0; blocks--) {
        uint64_t last_a = a[LANES - 1];
        uint64_t last_b = b[LANES - 1];
        found += compare(a, b);
        a += last_a <= last_b ? LANES : 0;
        b += last_b <= last_a ? LANES : 0;
    }
    at->shared += found;
    at->a = a;
    at->b = b;
}

NDUP__TARGET_AVX512 size_t ndup__set_intersection_avx512(const uint64_t *a, size_t a_count,
                                                         const uint64_t *b, size_t b_count,
                                                         size_t least)
{
    ndup__set_cursor at;
    if (ndup__set_start(&at, a, a_count, b, b_count, least)) {
        return at.shared;
    }
    for (;;) {
        size_t blocks_a = (size_t)(at.a_end - at.a) / LANES;
        size_t blocks_b = (size_t)(at.b_end - at.b) / LANES;
        size_t blocks = blocks_a < blocks_b ? blocks_a : blocks_b;
        if (blocks == 0 || !ndup__set_in_reach(&at)) {
            break;
        }
        merge_blocks(&at, blocks < BLOCKS ? blocks : BLOCKS);
    }
    return ndup__set_merge(&at);
}
#endif
