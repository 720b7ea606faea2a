/* SPDX-License-Identifier: MIT */
/* The least value in each bin, eight hashes at a time.
 *
 * Bins and words of eight hashes are worked out in vectors; the minima are taken one by one,
 * because two of the hashes may fall into one bin. Words not below the greatest of the state are
 * skipped where most are such. */
#include "kernel/bin_minima.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define BLOCK 512 /* hashes between two looks at the greatest word */
#define LANES 8

typedef struct octet {
    __m256i slots;
    __m256i words;
} octet;

NDUP__TARGET_AVX2 static inline __m256i load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

/* The low halves of eight 64-bit lanes, in order. */
NDUP__TARGET_AVX2 static inline __m256i low_halves(__m256i a, __m256i b)
{
    __m256 both = _mm256_shuffle_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), 0x88);
    return _mm256_permute4x64_epi64(_mm256_castps_si256(both), 0xD8);
}

NDUP__TARGET_AVX2 static inline __m256i scale(__m256i hash, __m256i slots)
{
    return _mm256_srli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(hash, 32), slots), 32);
}

NDUP__TARGET_AVX2 static inline octet offers_of(const uint64_t *hashes, __m256i width)
{
    const __m256i mask = _mm256_set1_epi32((int)NDUP__SKETCH_VALUE_MASK);
    __m256i a = load(hashes);
    __m256i b = load(hashes + 4);
    return (octet){low_halves(scale(a, width), scale(b, width)),
                   _mm256_and_si256(low_halves(a, b), mask)};
}

/* Offers those of the eight words whose bit is set in `keep`. */
NDUP__TARGET_AVX2 static inline void take_some(uint32_t *state, octet offers, unsigned keep)
{
    uint32_t slots[LANES];
    uint32_t words[LANES];
    _mm256_storeu_si256((__m256i *)(void *)slots, offers.slots);
    _mm256_storeu_si256((__m256i *)(void *)words, offers.words);
    for (; keep != 0; keep &= keep - 1) {
        unsigned lane = _tzcnt_u32(keep);
        ndup__offer(&state[slots[lane]], words[lane]);
    }
}

NDUP__TARGET_AVX2 static inline unsigned top_bits(__m256i lanes)
{
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(lanes));
}

NDUP__TARGET_AVX2 bool ndup__bin_minima_avx2(uint32_t *state, size_t slots, const uint64_t *hashes,
                                             size_t count)
{
    const __m256i width = _mm256_set1_epi64x((long long)slots);
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t end = count - start < BLOCK ? count : start + BLOCK;
        size_t i = start;
        uint32_t limit = start > 0 ? ndup__greatest(state, slots) : UINT32_MAX;
        if (limit < NDUP__SKETCH_VALUE_MASK / 4) {
            const __m256i limits = _mm256_set1_epi32((int)limit);
            for (; i + LANES <= end; i += LANES) {
                octet offers = offers_of(hashes + i, width);
                /* Words and limit are below 2^31. */
                take_some(state, offers, top_bits(_mm256_cmpgt_epi32(limits, offers.words)));
            }
        }
        ndup__offer_all(state, slots, hashes + i, end - i);
    }
    return ndup__greatest(state, slots) == UINT32_MAX;
}
#endif
