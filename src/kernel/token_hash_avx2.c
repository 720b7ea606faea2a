/* SPDX-License-Identifier: MIT */
/* Hashes of the tokens between zero bytes: edges from masks of 64 bytes, then token by token. */
#include "kernel/kernel.h"
#include "kernel/word_hash.h"

#if NDUP__CPU_X86
#include <immintrin.h>
#include <string.h>

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

NDUP__TARGET_AVX2 static inline uint64_t load(const char *p)
{
    uint64_t bytes;
    memcpy(&bytes, p, sizeof bytes);
    return bytes;
}

NDUP__TARGET_AVX2 static inline uint64_t hash_token(const char *token, size_t length)
{
    uint64_t hash = NDUP__WORD_SEED;
    while (length > 8) {
        hash = ndup__word_step(hash, load(token));
        token += 8;
        length -= 8;
    }
    return ndup__word_end(ndup__word_step(hash, _bzhi_u64(load(token), (unsigned)length * 8)));
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
size_t ndup__token_hash_avx2(uint64_t *hashes, const char *tokens, size_t length)
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
            for (size_t i = 0; i + 1 < kept; i += 2) {
                hashes[total++] = hash_token(tokens + edges[i], edges[i + 1] - edges[i]);
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
