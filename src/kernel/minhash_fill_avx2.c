/* SPDX-License-Identifier: MIT */
/* Ordinary MinHash of empty slots, 32 functions at a time over each hash. */
#include "kernel/kernel.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 8
#define PASS 4    /* vectors of functions that run over the hashes together */
#define CHUNK 128 /* slots whose functions are gathered together */

/* The functions of the empty slots of a chunk, and where their words belong. */
typedef struct functions {
    uint32_t multipliers[CHUNK + LANES];
    uint8_t slots[CHUNK];
} functions;

NDUP__TARGET_AVX2 static inline __m256i load(const uint32_t *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* Result: how many there are. */
static size_t gather(functions *to, const uint32_t *state, size_t slots,
                     const uint32_t *multipliers)
{
    size_t used = 0;
    for (size_t i = 0; i < slots; i++) {
        /* Without a branch: which slots are empty is unpredictable. */
        to->multipliers[used] = multipliers[i];
        to->slots[used] = (uint8_t)i;
        used += state[i] == UINT32_MAX;
    }
    for (size_t i = 0; i < LANES; i++) { /* the last vector is read whole */
        to->multipliers[used + i] = 0;
    }
    return used;
}

/* The least value of `vectors` vectors of functions. */
NDUP__TARGET_AVX2 __attribute__((always_inline)) static inline void
run(uint32_t *least, const uint32_t *multipliers, const uint64_t *hashes, size_t count,
    unsigned vectors)
{
    __m256i lowest[PASS];
    __m256i multiplier[PASS];
    for (unsigned v = 0; v < vectors; v++) {
        lowest[v] = _mm256_set1_epi32(-1);
        multiplier[v] = load(multipliers + v * LANES);
    }
    for (size_t i = 0; i < count; i++) {
        __m256i hash = _mm256_set1_epi32((int)(uint32_t)hashes[i]);
        for (unsigned v = 0; v < vectors; v++) {
            lowest[v] = _mm256_min_epu32(lowest[v], _mm256_mullo_epi32(multiplier[v], hash));
        }
    }
    for (unsigned v = 0; v < vectors; v++) {
        _mm256_storeu_si256((__m256i *)(void *)(least + v * LANES), lowest[v]);
    }
}

NDUP__TARGET_AVX2 static void fill_chunk(uint32_t *state, const functions *of, size_t used,
                                         const uint64_t *hashes, size_t count)
{
    uint32_t least[CHUNK + LANES];
    size_t i = 0;
    for (; i + PASS * LANES <= used; i += PASS * LANES) {
        run(least + i, of->multipliers + i, hashes, count, PASS);
    }
    for (; i < used; i += LANES) {
        run(least + i, of->multipliers + i, hashes, count, 1);
    }
    for (i = 0; i < used; i++) {
        state[of->slots[i]] = NDUP__SKETCH_FILLED | least[i] >> (32 - NDUP__SKETCH_VALUE_BITS);
    }
}

NDUP__TARGET_AVX2 void ndup__minhash_fill_avx2(uint32_t *state, size_t slots,
                                               const uint32_t *multipliers, const uint64_t *hashes,
                                               size_t count)
{
    functions of;
    for (size_t start = 0; start < slots; start += CHUNK) {
        size_t width = slots - start < CHUNK ? slots - start : CHUNK;
        size_t used = gather(&of, state + start, width, multipliers + start);
        fill_chunk(state + start, &of, used, hashes, count);
    }
}
#endif
