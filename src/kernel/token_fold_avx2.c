/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: ASCII 32 bytes and sequences of three bytes eight at a time. */
#include "kernel/token_fold.h"

#if NDUP__CPU_X86
#include <immintrin.h>

/* After something else than pairs, as many code points are taken one by one. */
#define CAREFUL_STEPS 4

/* Pairs of a window that are not many: some letters with accents in a text of others. */
#define FEW_PAIRS 6

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

/* What the pair at p folds to: one byte or two. */
static inline uint16_t fold_pair(const ndup__token_table *table, const unsigned char *p)
{
    return table->shorts[(p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)];
}

/* The first `*end` bytes of a window, ASCII but for a few pairs: what stands behind each of these
 * is folded anew. *end becomes the place of a pair that is left to the caller. Returns the end of
 * what was written. */
NDUP__TARGET_AVX2 static inline char *fold_few_pairs(char *to, unsigned *end,
                                                     const ndup__token_table *table,
                                                     const char *text, uint32_t leads)
{
    unsigned from = 0;
    for (leads = _bzhi_u32(leads, *end);; leads = _blsr_u32(leads)) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(text + from));
        _mm256_storeu_si256((__m256i *)to, fold_bytes(bytes));
        unsigned place = leads != 0 ? _tzcnt_u32(leads) : *end;
        to += place - from;
        if (leads == 0) {
            return to;
        }
        uint16_t folded = fold_pair(table, (const unsigned char *)text + place);
        if (folded == NDUP__TOKEN_OTHER) {
            *end = place;
            return to;
        }
        memcpy(to, &folded, sizeof folded);
        to += 1 + (folded > 0xFF);
        from = place + 2;
    }
}

/* A window of ASCII and sequences of two bytes, where these are many, code point by code point:
 * where each begins is known beforehand, so that none waits for the one before it. Returns how many
 * bytes were taken; 32 more may be read behind the window. */
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
    if (_mm_popcnt_u32(leads) <= FEW_PAIRS) {
        to = fold_few_pairs(to, &end, table, text, leads);
        starts = 0;
    }
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

/* Which of eight code points come behind a single with nothing but marks between, as bits 0 to 8.
 */
static inline uint32_t behind_single(uint32_t singles, uint32_t marks, uint32_t before)
{
    /* The carry of an addition runs through marks in a row. */
    uint32_t seeds = singles << 1 | before;
    return seeds | (((seeds & marks) + marks) ^ marks);
}

/* The lanes of eight in which `bit` is set. */
NDUP__TARGET_AVX2 static inline uint32_t lanes_with(__m256i lanes, int bit)
{
    return (uint32_t)_mm256_movemask_ps(
        _mm256_castsi256_ps(_mm256_sll_epi32(lanes, _mm_cvtsi32_si128(31 - bit))));
}

/* Appends eight entries of the table, none of them special. */
NDUP__TARGET_AVX2 static inline void put_eight(ndup__token_stream *stream, __m256i entries)
{
    uint32_t singles = lanes_with(entries, 30);
    uint32_t words = lanes_with(entries, 29);
    uint32_t marks = lanes_with(entries, 28);
    uint32_t behind = behind_single(singles, marks, stream->after_single);
    uint32_t parted = singles | (words & behind);
    stream->after_single = behind >> 8 & 1;
    const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i parts = _mm256_and_si256(_mm256_set1_epi32((int)parted), bits);
    parts = _mm256_abs_epi32(_mm256_cmpeq_epi32(parts, bits)); /* 1 where tokens part */
    __m256i lengths = _mm256_and_si256(_mm256_srli_epi32(entries, NDUP__TOKEN_LENGTH_SHIFT),
                                       _mm256_set1_epi32(3));
    __m256i bytes = _mm256_and_si256(entries, _mm256_set1_epi32(0xFFFFFF));
    uint32_t of_bytes[8];
    uint32_t of_lengths[8];
    _mm256_storeu_si256((__m256i *)of_bytes, _mm256_sllv_epi32(bytes, _mm256_slli_epi32(parts, 3)));
    _mm256_storeu_si256((__m256i *)of_lengths, _mm256_add_epi32(lengths, parts));
    char *to = stream->bytes + stream->used;
    for (int i = 0; i < 8; i++) {
        memcpy(to, &of_bytes[i], sizeof of_bytes[i]);
        to += of_lengths[i];
    }
    stream->used = (size_t)(to - stream->bytes);
}

/* Eight sequences of three bytes in a row, of which 28 bytes are read. Returns how many bytes were
 * taken: 24, or 0 where they are anything else. */
NDUP__TARGET_AVX2 static inline size_t
fold_triples(ndup__token_stream *stream, const ndup__token_table *table, const char *text)
{
    const __m256i apart = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, 0,
                                           1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
    __m128i first_four = _mm_loadu_si128((const __m128i *)text);
    __m128i next_four = _mm_loadu_si128((const __m128i *)(text + 12));
    __m256i bytes = _mm256_shuffle_epi8(_mm256_set_m128i(next_four, first_four), apart);
    __m256i fixed = _mm256_and_si256(bytes, _mm256_set1_epi32(0xC0C0F0));
    __m256i is_whole = _mm256_cmpeq_epi32(fixed, _mm256_set1_epi32(0x8080E0));
    /* Their bits one behind the other. */
    __m256i code_points = _mm256_and_si256(bytes, _mm256_set1_epi32(0x3F3F0F));
    code_points = _mm256_maddubs_epi16(code_points, _mm256_set1_epi32(0x00010140));
    code_points = _mm256_madd_epi16(code_points, _mm256_set1_epi32(0x00010040));
    is_whole =
        _mm256_and_si256(is_whole, _mm256_cmpgt_epi32(code_points, _mm256_set1_epi32(0x7FF)));
    if (_mm256_movemask_ps(_mm256_castsi256_ps(is_whole)) != 0xFF) {
        return 0;
    }
    __m256i entries = _mm256_i32gather_epi32((const int *)table->entries, code_points, 4);
    if (_mm256_movemask_ps(_mm256_castsi256_ps(entries)) != 0) { /* special */
        return 0;
    }
    put_eight(stream, entries);
    return 24;
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
        } else if ((unsigned char)text[at] < 0xE0 && left >= 64) {
            taken = fold_pairs(&s, table, text + at);
        } else if ((unsigned char)text[at] >= 0xE0 && left >= 28) {
            taken = fold_triples(&s, table, text + at);
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
