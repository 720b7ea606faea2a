/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: ASCII 32 bytes at a time. */
#include "kernel/token_fold.h"

#if NDUP__CPU_X86
#include <immintrin.h>

/* After something else than pairs, as many code points are taken one by one. */
#define CAREFUL_STEPS 4

/* Letters and digits in lower case, zero for all other bytes. Bytes from 0x80 on are negative. */
NDUP__TARGET_AVX2 static inline __m256i fold_bytes(__m256i bytes)
{
    __m256i low = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    __m256i letters = _mm256_and_si256(_mm256_cmpgt_epi8(low, _mm256_set1_epi8('a' - 1)),
                                       _mm256_cmpgt_epi8(_mm256_set1_epi8('z' + 1), low));
    __m256i digits = _mm256_and_si256(_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8('0' - 1)),
                                      _mm256_cmpgt_epi8(_mm256_set1_epi8('9' + 1), bytes));
    return _mm256_and_si256(_mm256_or_si256(letters, digits), low);
}

/* ASCII up to the first other byte; may write 31 bytes more than it says. */
NDUP__TARGET_AVX2 static inline size_t fold_ascii(char *to, const char *text, size_t length)
{
    size_t at = 0;
    while (length - at >= 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + at));
        uint32_t others = (uint32_t)_mm256_movemask_epi8(bytes);
        _mm256_storeu_si256((__m256i *)(to + at), fold_bytes(bytes));
        if (others != 0) {
            return at + _tzcnt_u32(others);
        }
        at += 32;
    }
    while (at < length) {
        size_t left = length - at < 8 ? length - at : 8;
        uint64_t eight = ndup__load_some(text + at, (unsigned)left);
        __m128i bytes = _mm_cvtsi64_si128((long long)eight);
        __m256i folded = fold_bytes(_mm256_castsi128_si256(bytes));
        uint64_t others = eight & NDUP__TOKEN_TOPS;
        ndup__store_bytes(to + at, (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(folded)));
        if (others != 0) {
            return at + _tzcnt_u64(others) / 8;
        }
        at += left;
    }
    return at;
}

/* A window of ASCII and sequences of two bytes, code point by code point: where each begins is
 * known beforehand, so that none waits for the one before it. Returns how many bytes were taken;
 * one more is read behind the window. */
NDUP__TARGET_AVX2 static inline size_t fold_pairs(ndup__token_stream *stream,
                                                  const ndup__token_table *table, const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    __m256i window = _mm256_loadu_si256((const __m256i *)text);
    __m256i from_lead = _mm256_sub_epi8(window, _mm256_set1_epi8((char)0xC2));
    __m256i clamped = _mm256_min_epu8(from_lead, _mm256_set1_epi8(0xDF - 0xC2));
    uint32_t leads = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(clamped, from_lead));
    uint32_t tails =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(_mm256_set1_epi8((char)0xC0), window));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(window);
    uint32_t wrong = (high & ~(leads | tails)) | (tails & ~(leads << 1)) | (leads & ~(tails >> 1));
    unsigned end = _tzcnt_u32(wrong);
    uint32_t starts = ~tails & (uint32_t)_bzhi_u64(0xFFFFFFFF, end);
    char *to = stream->bytes + stream->used;
    *to = 0;
    to += stream->after_single;
    for (; starts != 0; starts = _blsr_u32(starts)) {
        unsigned i = _tzcnt_u32(starts);
        uint32_t first = bytes[i];
        uint32_t pair = (first & 0x1F) << 6 | (bytes[i + 1] & 0x3Fu);
        uint32_t is_pair = 0 - (leads >> i & 1);
        uint16_t folded = table->shorts[first ^ (is_pair & (first ^ pair))];
        if (folded == NDUP__TOKEN_OTHER) {
            end = i;
            break;
        }
        memcpy(to, &folded, sizeof folded);
        to += 1 + (folded > 0xFF);
    }
    if (end > 0) {
        stream->used = (size_t)(to - stream->bytes);
        stream->after_single = 0;
    }
    return end;
}

NDUP__TARGET_AVX2
size_t ndup__token_fold_avx2(ndup__token_stream *stream, const ndup__token_table *table,
                             const char *text, size_t length)
{
    ndup__token_stream s = *stream;
    size_t at = 0;
    while (at < length && s.used < s.limit) {
        size_t taken = 0;
        size_t left = length - at;
        if ((unsigned char)text[at] < 0x80) {
            s.bytes[s.used] = 0;
            s.used += s.after_single;
            s.after_single = 0;
            size_t room = s.limit - s.used + 32;
            taken = fold_ascii(s.bytes + s.used, text + at, left < room ? left : room);
            s.used += taken;
        } else if ((unsigned char)text[at] < 0xE0 && left > 32) {
            taken = fold_pairs(&s, table, text + at);
        }
        if (taken == 0) {
            taken = ndup__token_fold_short(&s, table, text + at, left, CAREFUL_STEPS);
        }
        if (taken == 0) {
            break;
        }
        at += taken;
    }
    *stream = s;
    return at;
}
#else
typedef int ndup__token_fold_avx2_needs_x86;
#endif
