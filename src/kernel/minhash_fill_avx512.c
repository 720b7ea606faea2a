/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots, sixteen functions at a time over each hash. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define PASS 16   /* functions that run over the hashes together */
#define CHUNK 128 /* slots whose functions are squeezed together */

/* The functions of the empty slots of a chunk. */
typedef struct functions {
    uint64_t multipliers[CHUNK + PASS];
    uint64_t addends[CHUNK + PASS];
    uint64_t least[CHUNK + PASS];
    __mmask8 empty[CHUNK / LANES];
    size_t used;
} functions;

static inline __mmask8 lanes_left(size_t left)
{
    return (__mmask8)(left >= LANES ? 0xFFu : (1u << left) - 1);
}

NDUP__TARGET_AVX512 static void gather(functions *to, const uint32_t *state, size_t slots,
                                       const uint64_t *multipliers, const uint64_t *addends)
{
    to->used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        __mmask8 there = lanes_left(slots - i);
        __m256i words = _mm256_maskz_loadu_epi32(there, state + i);
        __mmask8 empty = _mm256_mask_cmpeq_epi32_mask(there, words, _mm256_set1_epi32(-1));
        __m512i multiplier = _mm512_maskz_loadu_epi64(empty, multipliers + i);
        __m512i addend = _mm512_maskz_loadu_epi64(empty, addends + i);
        _mm512_storeu_si512(to->multipliers + to->used,
                            _mm512_maskz_compress_epi64(empty, multiplier));
        _mm512_storeu_si512(to->addends + to->used, _mm512_maskz_compress_epi64(empty, addend));
        to->empty[i / LANES] = empty;
        to->used += (size_t)_mm_popcnt_u32(empty);
    }
    /* The last pass reads whole vectors. */
    for (size_t i = 0; i < PASS; i += LANES) {
        _mm512_storeu_si512(to->multipliers + to->used + i, _mm512_setzero_si512());
        _mm512_storeu_si512(to->addends + to->used + i, _mm512_setzero_si512());
    }
}

NDUP__TARGET_AVX512 static inline __m512i value(__m512i multiplier, __m512i hash, __m512i addend)
{
    return _mm512_add_epi64(_mm512_mullo_epi64(multiplier, hash), addend);
}

/* One pass: the least values of functions at..at + PASS. */
NDUP__TARGET_AVX512 static void run_pass(functions *of, size_t at, const uint64_t *hashes,
                                         size_t count)
{
    const __m512i multiplier_a = _mm512_loadu_si512(of->multipliers + at);
    const __m512i multiplier_b = _mm512_loadu_si512(of->multipliers + at + LANES);
    const __m512i addend_a = _mm512_loadu_si512(of->addends + at);
    const __m512i addend_b = _mm512_loadu_si512(of->addends + at + LANES);
    __m512i least_a = _mm512_set1_epi64(-1);
    __m512i least_b = least_a;
    for (size_t i = 0; i < count; i++) {
        __m512i hash = _mm512_set1_epi64((long long)hashes[i]);
        least_a = _mm512_min_epu64(least_a, value(multiplier_a, hash, addend_a));
        least_b = _mm512_min_epu64(least_b, value(multiplier_b, hash, addend_b));
    }
    _mm512_storeu_si512(of->least + at, least_a);
    _mm512_storeu_si512(of->least + at + LANES, least_b);
}

/* The least value of one function, over eight hashes at a time: for few functions. */
NDUP__TARGET_AVX512 static uint64_t run_one(uint64_t multiplier, uint64_t addend,
                                            const uint64_t *hashes, size_t count)
{
    const __m512i multipliers = _mm512_set1_epi64((long long)multiplier);
    const __m512i addends = _mm512_set1_epi64((long long)addend);
    __m512i least = _mm512_set1_epi64(-1);
    for (size_t i = 0; i < count; i += LANES) {
        __mmask8 there = lanes_left(count - i);
        __m512i hash = _mm512_maskz_loadu_epi64(there, hashes + i);
        least = _mm512_mask_min_epu64(least, there, least, value(multipliers, hash, addends));
    }
    return _mm512_reduce_min_epu64(least);
}

NDUP__TARGET_AVX512 static void write_back(uint32_t *state, size_t slots, const functions *from,
                                           unsigned bits, uint32_t tag)
{
    const __m128i shift = _mm_cvtsi32_si128((int)(64 - bits));
    const __m256i tags = _mm256_set1_epi32((int)tag);
    size_t used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        __mmask8 empty = from->empty[i / LANES];
        __m512i least = _mm512_maskz_expand_epi64(empty, _mm512_loadu_si512(from->least + used));
        __m256i words = _mm512_cvtepi64_epi32(_mm512_srl_epi64(least, shift));
        _mm256_mask_storeu_epi32(state + i, empty, _mm256_or_si256(words, tags));
        used += (size_t)_mm_popcnt_u32(empty);
    }
}

NDUP__TARGET_AVX512 void ndup__minhash_fill_avx512(uint32_t *state, size_t slots,
                                                   const uint64_t *multipliers,
                                                   const uint64_t *addends, const uint64_t *hashes,
                                                   size_t count, unsigned bits, uint32_t tag)
{
    functions of;
    for (size_t start = 0; start < slots; start += CHUNK) {
        size_t width = slots - start < CHUNK ? slots - start : CHUNK;
        gather(&of, state + start, width, multipliers + start, addends + start);
        if (of.used <= 3) {
            for (size_t i = 0; i < of.used; i++) {
                of.least[i] = run_one(of.multipliers[i], of.addends[i], hashes, count);
            }
        } else {
            for (size_t i = 0; i < of.used; i += PASS) {
                run_pass(&of, i, hashes, count);
            }
        }
        write_back(state + start, width, &of, bits, tag);
    }
}
#endif
