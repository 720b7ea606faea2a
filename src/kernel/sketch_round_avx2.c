/* SPDX-License-Identifier: MIT */
/* One random round of the default sketch, eight hashes at a time.
 *
 * Slots and words of eight hashes are worked out in vectors; the minima are taken one by one,
 * because two of the hashes may fall into one slot. Words that cannot matter are skipped where most
 * are such: in round 0 those not below the greatest word of the state, in later rounds those that
 * fall into a slot that an earlier round filled. */
#include "kernel/sketch_round.h"

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

NDUP__TARGET_AVX2 static inline __m256i multiply(__m256i hash, __m256i factor)
{
    __m256i swapped = _mm256_shuffle_epi32(hash, 0xB1);
    __m256i cross = _mm256_mullo_epi32(swapped, factor);
    __m256i high = _mm256_add_epi32(cross, _mm256_srli_epi64(cross, 32));
    return _mm256_add_epi64(_mm256_mul_epu32(hash, factor), _mm256_slli_epi64(high, 32));
}

NDUP__TARGET_AVX2 static inline octet offers_of(const uint64_t *hashes, __m256i width,
                                                unsigned round, __m256i factor, __m256i tag)
{
    const __m256i mask = _mm256_set1_epi32((int)NDUP__SKETCH_VALUE_MASK);
    __m256i a = load(hashes);
    __m256i b = load(hashes + 4);
    if (round > 0) {
        a = multiply(a, factor);
        b = multiply(b, factor);
    }
    __m256i slots = low_halves(scale(a, width), scale(b, width));
    if (round > 0) {
        a = _mm256_xor_si256(a, _mm256_srli_epi64(a, 32));
        b = _mm256_xor_si256(b, _mm256_srli_epi64(b, 32));
    }
    return (octet){slots, _mm256_or_si256(_mm256_and_si256(low_halves(a, b), mask), tag)};
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

static uint32_t greatest(const uint32_t *state, size_t slots)
{
    uint32_t most = 0;
    for (size_t i = 0; i < slots; i++) {
        most = state[i] > most ? state[i] : most;
    }
    return most;
}

NDUP__TARGET_AVX2 static void first_round(uint32_t *state, size_t slots, const uint64_t *hashes,
                                          size_t count)
{
    const __m256i width = _mm256_set1_epi64x((long long)slots);
    const __m256i none = _mm256_setzero_si256();
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t end = count - start < BLOCK ? count : start + BLOCK;
        size_t i = start;
        uint32_t limit = start > 0 ? greatest(state, slots) : UINT32_MAX;
        if (limit < NDUP__SKETCH_VALUE_MASK / 4) {
            for (; i + LANES <= end; i += LANES) {
                octet offers = offers_of(hashes + i, width, 0, none, none);
                /* Words and limit are below 2^31. */
                take_some(
                    state, offers,
                    top_bits(_mm256_cmpgt_epi32(_mm256_set1_epi32((int)limit), offers.words)));
            }
        }
        ndup__offer_all(state, slots, hashes + i, end - i, 0, 1);
    }
}

/* Bit s % 256 is set when slot s is empty; with more slots than bits, when any such slot is. */
static void find_empty(uint32_t bits[8], const uint32_t *state, size_t slots)
{
    for (size_t i = 0; i < slots; i++) {
        bits[i / 32 % 8] |= (uint32_t)(state[i] == UINT32_MAX) << (i % 32);
    }
}

NDUP__TARGET_AVX2 static void next_round(uint32_t *state, size_t slots, const uint64_t *hashes,
                                         size_t count, unsigned round, uint64_t multiplier)
{
    const __m256i width = _mm256_set1_epi64x((long long)slots);
    const __m256i factor = _mm256_set1_epi64x((long long)multiplier);
    const __m256i tag = _mm256_set1_epi32((int)((uint32_t)round << NDUP__SKETCH_VALUE_BITS));
    uint32_t bits[8] = {0};
    find_empty(bits, state, slots);
    const __m256i empty = load(bits);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        octet offers = offers_of(hashes + i, width, round, factor, tag);
        __m256i word = _mm256_permutevar8x32_epi32(empty, _mm256_srli_epi32(offers.slots, 5));
        __m256i shift = _mm256_andnot_si256(offers.slots, _mm256_set1_epi32(31));
        take_some(state, offers, top_bits(_mm256_sllv_epi32(word, shift)));
    }
    ndup__offer_all(state, slots, hashes + i, count - i, round, multiplier);
}

NDUP__TARGET_AVX2 size_t ndup__sketch_round_avx2(uint32_t *state, size_t slots,
                                                 const uint64_t *hashes, size_t count,
                                                 unsigned round, uint64_t multiplier)
{
    if (round == 0) {
        first_round(state, slots, hashes, count);
    } else if (ndup__count_empty(state, slots) > slots / 4) {
        ndup__offer_all(state, slots, hashes, count, round, multiplier);
    } else {
        next_round(state, slots, hashes, count, round, multiplier);
    }
    return ndup__count_empty(state, slots);
}
#endif
