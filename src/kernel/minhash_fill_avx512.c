/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots, 32 functions at a time over each hash. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 16
#define PASS (2 * LANES) /* functions that run over the hashes together */
#define CHUNK 128        /* slots whose functions are squeezed together */

/* The functions of the empty slots of a chunk, and what becomes of them. */
typedef struct functions {
    uint32_t multipliers[CHUNK + PASS];
    uint32_t words[CHUNK + PASS];
} functions;

static inline __mmask16 lanes_left(size_t left)
{
    return (__mmask16)(left >= LANES ? 0xFFFFu : (1u << left) - 1);
}

/* Whole vectors are loaded without a mask: what was stored just before is seen sooner then. */
NDUP__TARGET_AVX512 static inline __m512i load_words(const uint32_t *p, size_t left)
{
    return left >= LANES ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi32(lanes_left(left), p);
}

NDUP__TARGET_AVX512 static inline __mmask16 find_empty(__m512i words)
{
    return _mm512_cmpeq_epi32_mask(words, _mm512_set1_epi32(-1));
}

/* Result: how many there are. */
NDUP__TARGET_AVX512 static size_t gather(functions *to, const uint32_t *state, size_t slots,
                                         const uint32_t *multipliers)
{
    size_t used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        __mmask16 empty = find_empty(load_words(state + i, slots - i));
        __m512i some = _mm512_maskz_compress_epi32(empty, load_words(multipliers + i, slots - i));
        _mm512_storeu_si512(to->multipliers + used, some);
        used += (size_t)_mm_popcnt_u32(empty);
    }
    /* The last pass reads whole vectors. */
    _mm512_storeu_si512(to->multipliers + used, _mm512_setzero_si512());
    _mm512_storeu_si512(to->multipliers + used + LANES, _mm512_setzero_si512());
    return used;
}

NDUP__TARGET_AVX512 static inline __m512i word_of(__m512i least)
{
    return _mm512_or_si512(_mm512_srli_epi32(least, 32 - NDUP__SKETCH_VALUE_BITS),
                           _mm512_set1_epi32((int)NDUP__SKETCH_FILLED));
}

/* The words of functions at..at + PASS. */
NDUP__TARGET_AVX512 static void run_pass(functions *of, size_t at, const uint64_t *hashes,
                                         size_t count)
{
    const __m512i multiplier_a = _mm512_loadu_si512(of->multipliers + at);
    const __m512i multiplier_b = _mm512_loadu_si512(of->multipliers + at + LANES);
    __m512i least_a = _mm512_set1_epi32(-1);
    __m512i least_b = least_a;
    for (size_t i = 0; i < count; i++) {
        __m512i hash = _mm512_set1_epi32((int)(uint32_t)hashes[i]);
        least_a = _mm512_min_epu32(least_a, _mm512_mullo_epi32(multiplier_a, hash));
        least_b = _mm512_min_epu32(least_b, _mm512_mullo_epi32(multiplier_b, hash));
    }
    _mm512_storeu_si512(of->words + at, word_of(least_a));
    _mm512_storeu_si512(of->words + at + LANES, word_of(least_b));
}

/* The words of the last functions at..at + LANES. */
NDUP__TARGET_AVX512 static void run_half_pass(functions *of, size_t at, const uint64_t *hashes,
                                              size_t count)
{
    const __m512i multiplier = _mm512_loadu_si512(of->multipliers + at);
    __m512i least = _mm512_set1_epi32(-1);
    for (size_t i = 0; i < count; i++) {
        __m512i hash = _mm512_set1_epi32((int)(uint32_t)hashes[i]);
        least = _mm512_min_epu32(least, _mm512_mullo_epi32(multiplier, hash));
    }
    _mm512_storeu_si512(of->words + at, word_of(least));
}

/* The word of one function, over sixteen hashes at a time: for few functions. */
NDUP__TARGET_AVX512 static void run_one(functions *of, size_t at, const uint64_t *hashes,
                                        size_t count)
{
    const __m512i multiplier = _mm512_set1_epi32((int)of->multipliers[at]);
    const __m512i evens =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    __m512i least = _mm512_set1_epi32(-1);
    for (size_t i = 0; i < count; i += LANES) {
        __mmask16 there = lanes_left(count - i);
        __m512i a = _mm512_maskz_loadu_epi64((__mmask8)there, hashes + i);
        __m512i b = _mm512_setzero_si512();
        if (there >> 8 != 0) {
            b = _mm512_maskz_loadu_epi64((__mmask8)(there >> 8), hashes + i + LANES / 2);
        }
        __m512i values = _mm512_mullo_epi32(_mm512_permutex2var_epi32(a, evens, b), multiplier);
        least = _mm512_mask_min_epu32(least, there, least, values);
    }
    of->words[at] =
        NDUP__SKETCH_FILLED | _mm512_reduce_min_epu32(least) >> (32 - NDUP__SKETCH_VALUE_BITS);
}

NDUP__TARGET_AVX512 static void write_back(uint32_t *state, size_t slots, const functions *from)
{
    size_t used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        __m512i words = load_words(state + i, slots - i);
        __mmask16 empty = (__mmask16)(find_empty(words) & lanes_left(slots - i));
        words = _mm512_mask_expand_epi32(words, empty, _mm512_loadu_si512(from->words + used));
        if (i + LANES <= slots) {
            _mm512_storeu_si512(state + i, words);
        } else {
            _mm512_mask_storeu_epi32(state + i, empty, words);
        }
        used += (size_t)_mm_popcnt_u32(empty);
    }
}

NDUP__TARGET_AVX512 void ndup__minhash_fill_avx512(uint32_t *state, size_t slots,
                                                   const uint32_t *multipliers,
                                                   const uint64_t *hashes, size_t count)
{
    functions of;
    for (size_t start = 0; start < slots; start += CHUNK) {
        size_t width = slots - start < CHUNK ? slots - start : CHUNK;
        size_t used = gather(&of, state + start, width, multipliers + start);
        size_t i = 0;
        if (used <= 4) {
            for (; i < used; i++) {
                run_one(&of, i, hashes, count);
            }
        }
        for (; i + LANES < used; i += PASS) {
            run_pass(&of, i, hashes, count);
        }
        if (i < used) {
            run_half_pass(&of, i, hashes, count);
        }
        write_back(state + start, width, &of);
    }
}
#endif
