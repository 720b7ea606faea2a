/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens between zero bytes: eight tokens at a time. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#define EACH(value) _mm512_set1_epi64((long long)(value))

/* The 64 bytes in which tokens begin and the 64 behind them. */
typedef struct window {
    __m512i here;
    __m512i next;
} window;

/* Eight tokens: where they stand in the window, as eight bytes a token, and what is hashed of them.
 */
typedef struct eight {
    __m512i index; /* of the next eight bytes of each token */
    __m512i stop;  /* index of the zero byte behind the token, eight times */
    __m512i hash;
} eight;

/* The tokens number first to first + 7 of the window, whose starts and stops are bytes. */
NDUP__TARGET_AVX512 static inline eight begin(__m512i starts, __m512i stops, char first,
                                              ndup__word_key key)
{
    const __m512i numbers = _mm512_set_epi64(
        0x0707070707070707, 0x0606060606060606, 0x0505050505050505, 0x0404040404040404,
        0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    __m512i spread = _mm512_add_epi8(numbers, _mm512_set1_epi8(first));
    return (eight){
        .index = _mm512_add_epi8(_mm512_permutexvar_epi8(spread, starts), EACH(0x0706050403020100)),
        .stop = _mm512_permutexvar_epi8(spread, stops),
        .hash = EACH(key.start),
    };
}

/* Hashes the next eight bytes of the tokens that have any. What stands behind a token is read as
 * the zero byte at its stop, for which no mask is needed. */
NDUP__TARGET_AVX512 static inline void go_on(eight *e, const window *w, bool all_have,
                                             ndup__word_key key)
{
    __m512i chunk = _mm512_permutex2var_epi8(w->here, _mm512_min_epu8(e->index, e->stop), w->next);
    __mmask8 has = all_have ? 0xFF : _mm512_test_epi64_mask(chunk, chunk);
    __m512i mixed = _mm512_xor_si512(e->hash, chunk);
    mixed = _mm512_xor_si512(mixed, _mm512_srli_epi64(mixed, 32));
    __m512i product = _mm512_mullo_epi64(mixed, EACH(key.step));
    e->hash = _mm512_mask_xor_epi64(e->hash, has, product, _mm512_srli_epi64(product, 32));
    e->index = _mm512_add_epi8(e->index, _mm512_set1_epi8(8));
}

/* Hashes what the tokens number first to first + 7 of the window have behind sixteen bytes. */
NDUP__TARGET_AVX512 static inline void go_on_to_end(eight *e, const window *w, __m512i lengths,
                                                    char first, ndup__word_key key)
{
    for (unsigned done = 16;; done += 8) {
        uint64_t longer = _mm512_cmpgt_epu8_mask(lengths, _mm512_set1_epi8((char)done));
        if ((longer >> first & 0xFF) == 0) {
            return;
        }
        go_on(e, w, false, key);
    }
}

NDUP__TARGET_AVX512 static inline void finish(uint64_t *hashes, const eight *e)
{
    __m512i hash = _mm512_mullo_epi64(e->hash, EACH(NDUP__WORD_END));
    _mm512_storeu_si512(hashes, _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 29)));
}

/* Hashes the tokens number first to first + 15. Nearly always one of them has more than eight bytes
 * and none more than sixteen (some_long): the first two steps ask nothing, so that nothing is
 * guessed wrong, and the two halves do not wait for each other. */
NDUP__TARGET_AVX512 static inline void hash_sixteen(uint64_t *hashes, const window *w,
                                                    __m512i starts, __m512i stops, char first,
                                                    bool some_long, ndup__word_key key)
{
    eight a = begin(starts, stops, first, key);
    eight b = begin(starts, stops, (char)(first + 8), key);
    go_on(&a, w, true, key);
    go_on(&b, w, true, key);
    go_on(&a, w, false, key);
    go_on(&b, w, false, key);
    if (some_long) {
        __m512i lengths = _mm512_sub_epi8(stops, starts);
        go_on_to_end(&a, w, lengths, first, key);
        go_on_to_end(&b, w, lengths, (char)(first + 8), key);
    }
    finish(hashes, &a);
    finish(hashes + 8, &b);
}

/* Tells if a token has more than sixteen bytes: as many bits in a row, or in the last row and
 * `more` behind it. */
NDUP__TARGET_AVX512 static inline bool has_long_token(uint64_t inside, uint64_t more)
{
    uint64_t rows = inside & inside >> 1;
    rows &= rows >> 2;
    rows &= rows >> 4;
    rows &= rows >> 8;
    return (rows & inside >> 16) != 0 || _lzcnt_u64(~inside) + more > 16;
}

/* A token that goes on behind the window. */
static uint64_t hash_long(const char *token, ndup__word_key key)
{
    uint64_t hash = key.start;
    size_t length = strlen(token);
    for (; length > 0; token += 8) {
        uint64_t chunk = 0;
        size_t used = length < 8 ? length : 8;
        memcpy(&chunk, token, used);
        hash = ndup__word_step(hash, chunk, key);
        length -= used;
    }
    return ndup__word_end(hash);
}

NDUP__TARGET_AVX512
size_t ndup__token_hash_avx512(uint64_t *hashes, const char *tokens, size_t length,
                               ndup__word_key key)
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
            /* Where a token that goes on in the next window stops; also start and stop of the rest
             * of what is hashed together, which is no token. */
            uint64_t more = _tzcnt_u64(~inside_next);
            __m512i behind = _mm512_set1_epi8((char)(64 + more));
            __m512i starts = _mm512_mask_compress_epi8(behind, first_bytes, numbers);
            __m512i stops = _mm512_mask_compress_epi8(behind, ends, numbers);
            uint64_t *out = hashes + total;
            bool some_long = has_long_token(inside, more);
            hash_sixteen(out, &w, starts, stops, 0, some_long, key);
            if (count > 16) {
                hash_sixteen(out + 16, &w, starts, stops, 16, some_long, key);
            }
            if (open != 0 && more == 64) {
                out[count - 1] = hash_long(tokens + at + 63 - _lzcnt_u64(first_bytes), key);
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
