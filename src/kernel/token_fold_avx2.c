/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: ASCII 32 bytes at a time. */
#include "kernel/token_fold.h"

#if NDUP__CPU_X86
#include <immintrin.h>

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
        uint64_t eight = ndup__token_load(text + at, left);
        __m128i bytes = _mm_cvtsi64_si128((long long)eight);
        __m256i folded = fold_bytes(_mm256_castsi128_si256(bytes));
        uint64_t others = eight & NDUP__TOKEN_TOPS;
        ndup__token_store(to + at, (uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(folded)));
        if (others != 0) {
            return at + _tzcnt_u64(others) / 8;
        }
        at += left;
    }
    return at;
}

NDUP__TARGET_AVX2
size_t ndup__token_fold_avx2(ndup__token_stream *stream, const ndup__token_table *table,
                             const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && stream->used < stream->limit) {
        size_t taken;
        if ((unsigned char)text[at] < 0x80) {
            stream->bytes[stream->used] = 0;
            stream->used += stream->after_single;
            stream->after_single = 0;
            size_t room = stream->limit - stream->used + 32;
            size_t left = length - at;
            taken = fold_ascii(stream->bytes + stream->used, text + at, left < room ? left : room);
            stream->used += taken;
        } else {
            taken = ndup__token_fold_short(stream, table, text + at, length - at, SIZE_MAX);
        }
        if (taken == 0) {
            break;
        }
        at += taken;
    }
    return at;
}
#else
typedef int ndup__token_fold_avx2_needs_x86;
#endif
