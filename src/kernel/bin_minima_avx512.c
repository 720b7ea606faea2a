/* SPDX-License-Identifier: MIT */
/* The least value in each bin, sixteen hashes at a time.
 *
 * Bins and words of a block of hashes are worked out in vectors and written in a row; a scalar loop
 * then takes the minima, because two hashes of one vector may fall into one bin. Before that, words
 * that cannot matter, those not below the greatest of the state, are squeezed out of the row. */
#include "kernel/bin_minima.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define BLOCK 512 /* hashes between two looks at the greatest word */
#define LANES 16

typedef struct offers {
    uint32_t slots[BLOCK + LANES];
    uint32_t words[BLOCK + LANES];
} offers;

/* The halves of sixteen hashes. */
typedef struct halves {
    __m512i low;
    __m512i high;
} halves;

static inline __mmask16 lanes_left(size_t left)
{
    return (__mmask16)(left >= LANES ? 0xFFFFu : (1u << left) - 1);
}

/* Whole vectors are loaded without a mask: what was stored just before is seen sooner then. */
NDUP__TARGET_AVX512 static inline __m512i load_words(const uint32_t *p, size_t left)
{
    return left >= LANES ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi32(lanes_left(left), p);
}

NDUP__TARGET_AVX512 static inline halves load_halves(const uint64_t *hashes, __mmask16 there)
{
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i a;
    __m512i b;
    if (there == 0xFFFF) {
        a = _mm512_loadu_si512(hashes);
        b = _mm512_loadu_si512(hashes + 8);
    } else {
        a = _mm512_maskz_loadu_epi64((__mmask8)there, hashes);
        b = _mm512_maskz_loadu_epi64((__mmask8)(there >> 8), hashes + 8);
    }
    return (halves){_mm512_permutex2var_epi32(a, even, b), _mm512_permutex2var_epi32(a, odd, b)};
}

/* (high * slots) >> 32. */
NDUP__TARGET_AVX512 static inline __m512i scale(__m512i high, __m512i slots)
{
    __m512i even = _mm512_srli_epi64(_mm512_mul_epu32(high, slots), 32);
    __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(high, 32), slots);
    return _mm512_mask_mov_epi32(even, 0xAAAA, odd);
}

/* Puts the offers of sixteen hashes into a row of `used`. Result: how many it has then. */
NDUP__TARGET_AVX512 static inline size_t put(offers *row, size_t used, __mmask16 keep,
                                             __m512i slots, __m512i words)
{
    slots = _mm512_maskz_compress_epi32(keep, slots);
    words = _mm512_maskz_compress_epi32(keep, words);
    _mm512_storeu_si512(row->slots + used, slots);
    _mm512_storeu_si512(row->words + used, words);
    return used + (size_t)_mm_popcnt_u32(keep);
}

static inline void take(uint32_t *state, const offers *row, size_t used)
{
    size_t i = 0;
    for (; i + 4 <= used; i += 4) {
        ndup__offer(&state[row->slots[i]], row->words[i]);
        ndup__offer(&state[row->slots[i + 1]], row->words[i + 1]);
        ndup__offer(&state[row->slots[i + 2]], row->words[i + 2]);
        ndup__offer(&state[row->slots[i + 3]], row->words[i + 3]);
    }
    for (; i < used; i++) {
        ndup__offer(&state[row->slots[i]], row->words[i]);
    }
}

/* Each lane of the result is the greatest of some of the slots; all ones if one is empty. */
NDUP__TARGET_AVX512 static __m512i greatest_of_lanes(const uint32_t *state, size_t slots)
{
    __m512i most = _mm512_setzero_si512();
    for (size_t i = 0; i < slots; i += LANES) {
        most = _mm512_max_epu32(most, load_words(state + i, slots - i));
    }
    return most;
}

NDUP__TARGET_AVX512 static __m512i greatest(const uint32_t *state, size_t slots)
{
    __m512i most = greatest_of_lanes(state, slots);
    return _mm512_set1_epi32((int)_mm512_reduce_max_epu32(most));
}

/* The first block is offered whole: most slots are empty. */
NDUP__TARGET_AVX512 bool ndup__bin_minima_avx512(uint32_t *state, size_t slots,
                                                 const uint64_t *hashes, size_t count)
{
    const __m512i width = _mm512_set1_epi32((int)slots);
    const __m512i mask = _mm512_set1_epi32((int)NDUP__SKETCH_VALUE_MASK);
    offers row;
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t end = count - start < BLOCK ? count : start + BLOCK;
        size_t used = 0;
        const __m512i limit = start > 0 ? greatest(state, slots) : mask;
        for (size_t i = start; i < end; i += LANES) {
            __mmask16 there = lanes_left(end - i);
            halves hash = load_halves(hashes + i, there);
            __m512i words = _mm512_and_si512(hash.low, mask);
            __m512i chosen = scale(hash.high, width);
            if (start == 0) {
                _mm512_storeu_si512(row.slots + i, chosen);
                _mm512_storeu_si512(row.words + i, words);
                used = end;
            } else {
                __mmask16 keep = _mm512_mask_cmplt_epu32_mask(there, words, limit);
                used = put(&row, used, keep, chosen, words);
            }
        }
        take(state, &row, used);
    }
    return _mm512_cmpeq_epi32_mask(greatest_of_lanes(state, slots), _mm512_set1_epi32(-1)) != 0;
}
#endif
