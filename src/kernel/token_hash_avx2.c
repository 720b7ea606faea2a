/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens between zero bytes: edges from masks, then four tokens at a time. */
#include "base/bytes.h"
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm256_set1_epi64x((long long)(value))

/* Edges that are kept at a time: two a byte and room for writes of more than there are. */
#define PIECE 1024
/* Edges that are written at once: 64 bytes of most texts have no more than twice as many. */
#define EDGES_AT_ONCE 12
#define EDGES (PIECE + 64 + EDGES_AT_ONCE)

/* Writes where bytes are unlike the one before, as seen from tokens[at]: start, end, start, ... */
NDUP__TARGET_AVX2 static inline size_t put_edges(uint32_t *edges, uint64_t changes, uint32_t at)
{
    size_t count = (size_t)_mm_popcnt_u64(changes);
    /* A fixed number of times, mostly: how many there are cannot be foreseen. */
    for (size_t i = 0; i < count; i += EDGES_AT_ONCE) {
        for (size_t j = i; j < i + EDGES_AT_ONCE; j++) {
            edges[j] = at + (uint32_t)_tzcnt_u64(changes);
            changes = _blsr_u64(changes);
        }
    }
    return count;
}

NDUP__TARGET_AVX2 static inline uint64_t hash_token(const char *token, size_t length,
                                                    ndup__word_key key)
{
    uint64_t hash = key.start;
    for (; length > 8; length -= 8) {
        hash = ndup__word_step(hash, ndup__load_bytes(token), key);
        token += 8;
    }
    uint64_t last = _bzhi_u64(ndup__load_bytes(token), (unsigned)length * 8);
    return ndup__word_end(ndup__word_step(hash, last, key));
}

/* Products of 64 bits, for which there is no instruction, put together from halves. */
NDUP__TARGET_AVX2 static inline __m256i multiply(__m256i a, uint64_t by)
{
    const __m256i low = EACH(by & UINT32_MAX);
    __m256i crossed = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), low),
                                       _mm256_mul_epu32(a, EACH(by >> 32)));
    return _mm256_add_epi64(_mm256_mul_epu32(a, low), _mm256_slli_epi64(crossed, 32));
}

NDUP__TARGET_AVX2 static inline __m256i step(__m256i hash, __m256i chunk, ndup__word_key key)
{
    hash = _mm256_xor_si256(hash, chunk);
    hash = multiply(_mm256_xor_si256(hash, _mm256_srli_epi64(hash, 32)), key.step);
    return _mm256_xor_si256(hash, _mm256_srli_epi64(hash, 32));
}

/* The eight bytes from `place` on of four tokens. */
NDUP__TARGET_AVX2 static inline __m256i load_four(const char *tokens, const uint32_t *edges,
                                                  unsigned place)
{
    return _mm256_setr_epi64x((long long)ndup__load_bytes(tokens + edges[0] + place),
                              (long long)ndup__load_bytes(tokens + edges[2] + place),
                              (long long)ndup__load_bytes(tokens + edges[4] + place),
                              (long long)ndup__load_bytes(tokens + edges[6] + place));
}

/* The lowest bits of each lane, all of them from 64 on. */
NDUP__TARGET_AVX2 static inline __m256i low_bits(__m256i lanes, __m256i bits)
{
    return _mm256_andnot_si256(_mm256_sllv_epi64(EACH(UINT64_MAX), bits), lanes);
}

/* Hashes four tokens. Nearly always one of them has more than eight bytes and none more than
 * sixteen: the second step is made for all and taken by those, so that nothing is guessed wrong. */
NDUP__TARGET_AVX2 static inline void hash_four(uint64_t *hashes, const char *tokens,
                                               const uint32_t *edges, ndup__word_key key)
{
    __m256i pairs = _mm256_loadu_si256((const __m256i *)edges); /* starts below ends */
    __m256i starts = _mm256_and_si256(pairs, EACH(UINT32_MAX));
    __m256i bits = _mm256_slli_epi64(_mm256_sub_epi64(_mm256_srli_epi64(pairs, 32), starts), 3);
    __m256i hash = step(EACH(key.start), low_bits(load_four(tokens, edges, 0), bits), key);
    __m256i behind = _mm256_sub_epi64(bits, EACH(64));
    __m256i longer = step(hash, low_bits(load_four(tokens, edges, 8), behind), key);
    hash = _mm256_blendv_epi8(hash, longer, _mm256_cmpgt_epi64(bits, EACH(64)));
    hash = multiply(hash, NDUP__WORD_END);
    hash = _mm256_xor_si256(hash, _mm256_srli_epi64(hash, 29));
    _mm256_storeu_si256((__m256i *)hashes, hash);
    __m256i is_long = _mm256_cmpgt_epi64(bits, EACH(128));
    unsigned left = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(is_long));
    for (; left != 0; left = _blsr_u32(left)) {
        unsigned i = _tzcnt_u32(left);
        hashes[i] = hash_token(tokens + edges[2 * i], edges[2 * i + 1] - edges[2 * i], key);
    }
}

NDUP__TARGET_AVX2 static inline uint64_t non_zero(const char *p)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i low = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)p), zero);
    __m256i high = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(p + 32)), zero);
    return ~((uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
             (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32);
}

NDUP__TARGET_AVX2
size_t ndup__token_hash_avx2(uint64_t *hashes, const char *tokens, size_t length,
                             ndup__word_key key)
{
    uint32_t edges[EDGES];
    size_t total = 0;
    size_t kept = 0; /* edges; an odd one is the start of a token that is open */
    uint64_t before = 0;
    for (size_t at = 0; at <= length; at += 64) {
        uint64_t inside = non_zero(tokens + at);
        kept += put_edges(edges + kept, inside ^ (inside << 1 | before), (uint32_t)at);
        before = inside >> 63;
        if (kept >= PIECE || at + 64 > length) {
            size_t i = 0;
            for (; i + 8 <= kept; i += 8) {
                hash_four(hashes + total, tokens, edges + i, key);
                total += 4;
            }
            for (; i + 1 < kept; i += 2) {
                hashes[total++] = hash_token(tokens + edges[i], edges[i + 1] - edges[i], key);
            }
            edges[0] = edges[kept - kept % 2];
            kept %= 2;
        }
    }
    return total;
}
#else
typedef int ndup__token_hash_avx2_needs_x86;
#endif
