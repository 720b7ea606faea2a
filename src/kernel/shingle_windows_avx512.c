/* SPDX-License-Identifier: MIT */
/* Hashes of windows of tokens: eight windows at a time. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm512_set1_epi64((long long)(value))
#define LANES 8

NDUP__TARGET_AVX512 static inline __m512i mix(__m512i x)
{
    x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 30));
    x = _mm512_mullo_epi64(x, EACH(0xBF58476D1CE4E5B9u));
    x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 27));
    x = _mm512_mullo_epi64(x, EACH(0x94D049BB133111EBu));
    return _mm512_xor_si512(x, _mm512_srli_epi64(x, 31));
}

/* The eight windows from `tokens` on of which `live` are wanted. A constant `size` lets the
 * compiler unroll the rotations. */
NDUP__TARGET_AVX512 static inline __m512i hash_eight(const uint64_t *tokens, __mmask8 live,
                                                     unsigned size, __m512i start)
{
    __m512i sum = start;
    for (unsigned j = 0; j < size; j++) {
        __m512i words = live == 0xFF ? _mm512_loadu_si512(tokens + j)
                                     : _mm512_maskz_loadu_epi64(live, tokens + j);
        sum = _mm512_add_epi64(sum, _mm512_rolv_epi64(words, EACH(j * NDUP__SHINGLE_ROTATION)));
    }
    return mix(sum);
}

NDUP__TARGET_AVX512 static inline void hash_windows(uint64_t *shingles, const uint64_t *tokens,
                                                    size_t count, unsigned size)
{
    const __m512i start = EACH(NDUP__SHINGLE_COUNT * size);
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        _mm512_storeu_si512(shingles + i, hash_eight(tokens + i, 0xFF, size, start));
    }
    if (i < count) {
        __mmask8 live = (__mmask8)_bzhi_u32(0xFF, (unsigned)(count - i));
        _mm512_mask_storeu_epi64(shingles + i, live, hash_eight(tokens + i, live, size, start));
    }
}

NDUP__TARGET_AVX512
void ndup__shingle_windows_avx512(uint64_t *shingles, const uint64_t *tokens, size_t count,
                                  unsigned size)
{
    if (size == 5) {
        hash_windows(shingles, tokens, count, 5);
    } else {
        hash_windows(shingles, tokens, count, size);
    }
}
#else
typedef int ndup__shingle_windows_avx512_needs_x86;
#endif
