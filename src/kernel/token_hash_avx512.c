/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens between zero bytes: eight tokens at a time. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>
#include <string.h>

#define EACH(value) _mm512_set1_epi64((long long)(value))

/* The 64 bytes in which tokens begin and the 64 behind them. */
typedef struct window {
    __m512i here;
    __m512i next;
} window;

NDUP__TARGET_AVX512 static inline __m512i step(__m512i hash, __m512i chunk)
{
    hash = _mm512_mullo_epi64(_mm512_xor_si512(hash, chunk), EACH(NDUP__WORD_STEP));
    return _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 32));
}

/* Eight tokens: where they stand in the window, as eight bytes a token, and what is hashed of them.
 */
typedef struct eight {
    __m512i index;  /* of the next eight bytes of each token */
    __m512i place;  /* of these bytes in the token */
    __m512i length; /* of the token, eight times */
    __m512i hash;
} eight;

/* The tokens number first to first + 7 of the window, whose starts and lengths are bytes. */
NDUP__TARGET_AVX512 static inline eight begin(__m512i starts, __m512i lengths, char first)
{
    const __m512i ones = EACH(0x0101010101010101);
    const __m512i spread =
        _mm512_add_epi8(_mm512_mullo_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), ones),
                        _mm512_set1_epi8(first));
    eight e;
    e.place = EACH(0x0706050403020100);
    e.index = _mm512_add_epi8(_mm512_permutexvar_epi8(spread, starts), e.place);
    e.length = _mm512_permutexvar_epi8(spread, lengths);
    e.hash = EACH(NDUP__WORD_SEED);
    return e;
}

NDUP__TARGET_AVX512 static inline __mmask64 inside_token(const eight *e)
{
    return _mm512_cmplt_epu8_mask(e->place, e->length);
}

/* Hashes eight bytes more of the tokens that have any. */
NDUP__TARGET_AVX512 static inline void go_on(eight *e, const window *w, __mmask64 inside)
{
    __m512i chunk = _mm512_maskz_permutex2var_epi8(inside, w->here, e->index, w->next);
    __mmask8 has_more = _mm512_test_epi64_mask(chunk, chunk);
    e->hash = _mm512_mask_mov_epi64(e->hash, has_more, step(e->hash, chunk));
    e->place = _mm512_add_epi8(e->place, _mm512_set1_epi8(8));
    e->index = _mm512_add_epi8(e->index, _mm512_set1_epi8(8));
}

NDUP__TARGET_AVX512 static inline void finish(uint64_t *hashes, const eight *e)
{
    __m512i hash = _mm512_mullo_epi64(e->hash, EACH(NDUP__WORD_END));
    _mm512_storeu_si512(hashes, _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 29)));
}

/* Hashes the tokens number first to first + 15. Nearly always one of them has more than eight bytes
 * and none more than sixteen: the first two steps ask nothing, so that nothing is guessed wrong,
 * and the two halves do not wait for each other. */
NDUP__TARGET_AVX512 static inline void hash_sixteen(uint64_t *hashes, const window *w,
                                                    __m512i starts, __m512i lengths, char first)
{
    eight a = begin(starts, lengths, first);
    eight b = begin(starts, lengths, (char)(first + 8));
    go_on(&a, w, inside_token(&a));
    go_on(&b, w, inside_token(&b));
    go_on(&a, w, inside_token(&a));
    go_on(&b, w, inside_token(&b));
    __mmask64 inside_a = inside_token(&a);
    __mmask64 inside_b = inside_token(&b);
    while ((inside_a | inside_b) != 0) {
        go_on(&a, w, inside_a);
        go_on(&b, w, inside_b);
        inside_a = inside_token(&a);
        inside_b = inside_token(&b);
    }
    finish(hashes, &a);
    finish(hashes + 8, &b);
}

/* A token that goes on behind the window. */
static uint64_t hash_long(const char *token)
{
    uint64_t hash = NDUP__WORD_SEED;
    size_t length = strlen(token);
    for (; length > 0; token += 8) {
        uint64_t chunk = 0;
        size_t used = length < 8 ? length : 8;
        memcpy(&chunk, token, used);
        hash = ndup__word_step(hash, chunk);
        length -= used;
    }
    return ndup__word_end(hash);
}

NDUP__TARGET_AVX512
size_t ndup__token_hash_avx512(uint64_t *hashes, const char *tokens, size_t length)
{
    const __m512i numbers = _mm512_set_epi64(
        0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120,
        0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
    size_t total = 0;
    window w = {.here = _mm512_loadu_si512(tokens)};
    uint64_t inside = _mm512_test_epi8_mask(w.here, w.here);
    uint64_t before = 0; /* 1 when a token begun earlier goes on here */
    for (size_t at = 0; at < length; at += 64) {
        w.next = _mm512_loadu_si512(tokens + at + 64);
        uint64_t inside_next = _mm512_test_epi8_mask(w.next, w.next);
        uint64_t shifted = inside << 1 | before;
        uint64_t first_bytes = inside & ~shifted;
        uint64_t ends = ~inside & shifted;
        ends = before != 0 ? _blsr_u64(ends) : ends;
        size_t count = (size_t)_mm_popcnt_u64(first_bytes);
        uint64_t open = inside >> 63;
        if (count > 0) {
            uint64_t more = _tzcnt_u64(~inside_next);
            __m512i starts = _mm512_maskz_compress_epi8(first_bytes, numbers);
            __m512i lengths = _mm512_maskz_compress_epi8(ends, numbers);
            lengths = _mm512_mask_mov_epi8(lengths, open << (count - 1),
                                           _mm512_set1_epi8((char)(64 + more)));
            lengths = _mm512_sub_epi8(lengths, starts);
            uint64_t *out = hashes + total;
            hash_sixteen(out, &w, starts, lengths, 0);
            if (count > 16) {
                hash_sixteen(out + 16, &w, starts, lengths, 16);
            }
            if (open != 0 && more == 64) {
                out[count - 1] = hash_long(tokens + at + 63 - _lzcnt_u64(first_bytes));
            }
            total += count;
        }
        before = open;
        w.here = w.next;
        inside = inside_next;
    }
    return total;
}
#else
typedef int ndup__token_hash_avx512_needs_x86;
#endif
