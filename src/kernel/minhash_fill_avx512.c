/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots, sixteen functions at a time over each hash. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define PASS 16   /* functions that run over the hashes together */
#define CHUNK 128 /* slots whose functions are squeezed together */

/* The functions of the empty slots of a chunk, and what becomes of them. */
typedef struct functions {
    uint64_t multipliers[CHUNK + PASS];
    uint64_t addends[CHUNK + PASS];
    uint32_t words[CHUNK + PASS];
} functions;

static inline __mmask8 lanes_left(size_t left)
{
    return (__mmask8)(left >= LANES ? 0xFFu : (1u << left) - 1);
}

/* Whole vectors are loaded without a mask: what was stored just before is seen sooner then. */
NDUP__TARGET_AVX512 static inline __m256i load_words(const uint32_t *p, size_t left)
{
    return left >= LANES ? _mm256_loadu_si256((const __m256i *)(const void *)p)
                         : _mm256_maskz_loadu_epi32(lanes_left(left), p);
}

NDUP__TARGET_AVX512 static inline __m512i load_hashes(const uint64_t *p, size_t left)
{
    return left >= LANES ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi64(lanes_left(left), p);
}

/* Result: how many there are. */
NDUP__TARGET_AVX512 static size_t gather(functions *to, const uint32_t *state, size_t slots,
                                         const uint64_t *multipliers, const uint64_t *addends)
{
    size_t used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        size_t left = slots - i;
        __mmask8 empty =
            _mm256_cmpeq_epi32_mask(load_words(state + i, left), _mm256_set1_epi32(-1));
        __m512i multiplier = _mm512_maskz_compress_epi64(empty, load_hashes(multipliers + i, left));
        __m512i addend = _mm512_maskz_compress_epi64(empty, load_hashes(addends + i, left));
        _mm512_storeu_si512(to->multipliers + used, multiplier);
        _mm512_storeu_si512(to->addends + used, addend);
        used += (size_t)_mm_popcnt_u32(empty);
    }
    /* The last pass reads whole vectors. */
    for (size_t i = 0; i < PASS; i += LANES) {
        _mm512_storeu_si512(to->multipliers + used + i, _mm512_setzero_si512());
        _mm512_storeu_si512(to->addends + used + i, _mm512_setzero_si512());
    }
    return used;
}

NDUP__TARGET_AVX512 static inline __m512i value(__m512i multiplier, __m512i hash, __m512i addend)
{
    return _mm512_add_epi64(_mm512_mullo_epi64(multiplier, hash), addend);
}

/* One pass: the words of functions at..at + PASS. */
NDUP__TARGET_AVX512 static void run_pass(functions *of, size_t at, const uint64_t *hashes,
                                         size_t count, unsigned bits)
{
    const __m128i shift = _mm_cvtsi32_si128((int)(64 - bits));
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
    __m256i *words = (__m256i *)(void *)(of->words + at);
    _mm256_storeu_si256(words, _mm512_cvtepi64_epi32(_mm512_srl_epi64(least_a, shift)));
    _mm256_storeu_si256(words + 1, _mm512_cvtepi64_epi32(_mm512_srl_epi64(least_b, shift)));
}

/* The word of one function, over eight hashes at a time: for few functions. */
NDUP__TARGET_AVX512 static void run_one(functions *of, size_t at, const uint64_t *hashes,
                                        size_t count, unsigned bits)
{
    const __m512i multiplier = _mm512_set1_epi64((long long)of->multipliers[at]);
    const __m512i addend = _mm512_set1_epi64((long long)of->addends[at]);
    __m512i least = _mm512_set1_epi64(-1);
    for (size_t i = 0; i < count; i += LANES) {
        size_t left = count - i;
        __m512i values = value(multiplier, load_hashes(hashes + i, left), addend);
        least = _mm512_mask_min_epu64(least, lanes_left(left), least, values);
    }
    of->words[at] = (uint32_t)(_mm512_reduce_min_epu64(least) >> (64 - bits));
}

NDUP__TARGET_AVX512 static void write_back(uint32_t *state, size_t slots, const functions *from,
                                           uint32_t tag)
{
    const __m256i tags = _mm256_set1_epi32((int)tag);
    size_t used = 0;
    for (size_t i = 0; i < slots; i += LANES) {
        __m256i old = load_words(state + i, slots - i);
        __mmask8 empty = _mm256_cmpeq_epi32_mask(old, _mm256_set1_epi32(-1));
        __m256i words = _mm256_loadu_si256((const __m256i *)(const void *)(from->words + used));
        words = _mm256_maskz_expand_epi32(empty, _mm256_or_si256(words, tags));
        if (i + LANES <= slots) {
            _mm256_storeu_si256((__m256i *)(void *)(state + i),
                                _mm256_mask_mov_epi32(old, empty, words));
        } else {
            _mm256_mask_storeu_epi32(state + i, empty, words);
        }
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
        size_t used = gather(&of, state + start, width, multipliers + start, addends + start);
        if (used <= 3) {
            for (size_t i = 0; i < used; i++) {
                run_one(&of, i, hashes, count, bits);
            }
        } else {
            for (size_t i = 0; i < used; i += PASS) {
                run_pass(&of, i, hashes, count, bits);
            }
        }
        write_back(state + start, width, &of, tag);
    }
}
#endif
