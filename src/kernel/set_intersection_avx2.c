/* SPDX-License-Identifier: MIT */
/* Common elements of two sorted sets, four against four: all pairs of a block of each are compared,
 * then the block that ends first gives way to its next. Every pair of blocks that could share an
 * element meets once. */
#include "kernel/set_intersection.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 4
#define BLOCKS 16 /* pairs of blocks between looks at whether `least` is still in reach */

/* Counts in each lane, below zero, which of the four at a stand among the four at b. */
NDUP__TARGET_AVX2 static inline __m256i compare(const uint64_t *a, const uint64_t *b)
{
    const __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)a);
    __m256i b0 = _mm256_cmpeq_epi64(x, _mm256_set1_epi64x((long long)b[0]));
    __m256i b1 = _mm256_cmpeq_epi64(x, _mm256_set1_epi64x((long long)b[1]));
    __m256i b2 = _mm256_cmpeq_epi64(x, _mm256_set1_epi64x((long long)b[2]));
    __m256i b3 = _mm256_cmpeq_epi64(x, _mm256_set1_epi64x((long long)b[3]));
    return _mm256_or_si256(_mm256_or_si256(b0, b1), _mm256_or_si256(b2, b3));
}

/* Merges as many pairs of blocks as both sets have for sure. */
NDUP__TARGET_AVX2 static inline void merge_blocks(ndup__set_cursor *at, size_t blocks)
{
    const uint64_t *a = at->a;
    const uint64_t *b = at->b;
    __m256i found = _mm256_setzero_si256();
    for (; blocks > 0; blocks--) {
        uint64_t last_a = a[LANES - 1];
        uint64_t last_b = b[LANES - 1];
        found = _mm256_add_epi64(found, compare(a, b));
        a += last_a <= last_b ? LANES : 0;
        b += last_b <= last_a ? LANES : 0;
    }
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(found), _mm256_extracti128_si256(found, 1));
    at->shared -= (size_t)(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
    at->a = a;
    at->b = b;
}

NDUP__TARGET_AVX2 size_t ndup__set_intersection_avx2(const uint64_t *a, size_t a_count,
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
