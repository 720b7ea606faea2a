/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 64 or 32 bytes at a time. */
#include <stdbool.h>

#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define WINDOW 32
/* Bytes that are read behind a window of 64 whose last byte begins an escape. */
#define READ_BEHIND 65

NDUP__TARGET_AVX2 static inline __m256i load(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

NDUP__TARGET_AVX2 static inline uint32_t find_backslashes(__m256i window)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(window, _mm256_set1_epi8('\\')));
}

/* Quotes and control characters: flipping bit 1 puts a quote at 0x20, just above them. */
NDUP__TARGET_AVX2 static inline uint32_t find_ends(__m256i window)
{
    __m256i flipped = _mm256_xor_si256(window, _mm256_set1_epi8(2));
    __m256i least = _mm256_min_epu8(flipped, _mm256_set1_epi8(0x20));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(least, flipped));
}

/* Copies a window in which the backslash at `place` begins an escape: from there on, the bytes come
 * from one place further. One byte behind the window is read. */
NDUP__TARGET_AVX2 static inline void copy_window(char *out, __m256i window, const char *bytes,
                                                 unsigned place, char value)
{
    const __m256i numbers =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                         21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    __m256i is_before = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)place), numbers);
    _mm256_storeu_si256((__m256i *)out, _mm256_blendv_epi8(load(bytes + 1), window, is_before));
    out[place] = value;
}

NDUP__TARGET_AVX2 static inline void copy_64(char *out, const char *bytes)
{
    __m256i low = load(bytes);
    __m256i high = load(bytes + 32);
    _mm256_storeu_si256((__m256i *)out, low);
    _mm256_storeu_si256((__m256i *)(out + 32), high);
}

/* Passes windows of 64 bytes as long as enough is left behind them to be read: each is copied, and
 * from each escape on copied again. Returns the end of what was written and, through *taken, how
 * many bytes were read; *stopped tells if something else than an escape stands there. */
NDUP__TARGET_AVX2 static char *pass_long(char *write, size_t *taken, bool *stopped,
                                         const char *bytes, size_t length)
{
    size_t at = 0;
    while (length - at >= NDUP__STRING_WINDOW + READ_BEHIND) {
        __m256i low = load(bytes + at);
        __m256i high = load(bytes + at + 32);
        uint64_t ends = find_ends(low) | (uint64_t)find_ends(high) << 32;
        uint64_t marks = find_backslashes(low) | (uint64_t)find_backslashes(high) << 32 | ends;
        copy_64(write, bytes + at);
        unsigned done = 0;
        while (marks != 0) {
            unsigned place = (unsigned)_tzcnt_u64(marks);
            write += place - done;
            bool is_end = (ends >> place & 1) != 0;
            char value = is_end ? '\0' : ndup__escape_value(bytes[at + place + 1]);
            if (value == '\0') {
                *taken = at + place;
                *stopped = true;
                return write;
            }
            *write++ = value;
            done = place + 2;
            copy_64(write, bytes + at + done);
            marks &= ~((uint64_t)3 << place);
        }
        unsigned passed = done > NDUP__STRING_WINDOW ? done : NDUP__STRING_WINDOW;
        write += passed - done;
        at += passed;
    }
    *taken = at;
    return write;
}

NDUP__TARGET_AVX2
size_t ndup__string_unescape_avx2(char *out, size_t *taken, const char *bytes, size_t length)
{
    size_t at = 0;
    bool stopped = false;
    char *write = pass_long(out, &at, &stopped, bytes, length);
    if (stopped) {
        *taken = at;
        return (size_t)(write - out);
    }
    while (length - at > WINDOW) {
        __m256i window = load(bytes + at);
        uint32_t backslashes = find_backslashes(window);
        uint32_t ends = find_ends(window);
        if ((backslashes | ends) == 0) {
            _mm256_storeu_si256((__m256i *)write, window);
            write += WINDOW;
            at += WINDOW;
            continue;
        }
        unsigned place = _tzcnt_u32(backslashes | ends);
        bool is_end = (ends >> place & 1) != 0;
        char value = is_end ? '\0' : ndup__escape_value(bytes[at + place + 1]);
        if (value == '\0') {
            _mm256_storeu_si256((__m256i *)write, window);
            *taken = at + place;
            return (size_t)(write - out) + place;
        }
        /* Up to the next mark, and to the end of the window or of an escape that goes on behind. */
        uint64_t further = (uint64_t)(backslashes | ends) & ~((uint64_t)3 << place);
        unsigned end = place == WINDOW - 1 ? WINDOW + 1 : _tzcnt_u32((uint32_t)further);
        copy_window(write, window, bytes + at, place, value);
        write += end - 1;
        at += end;
    }
    size_t more;
    write += ndup__string_unescape_scalar(write, &more, bytes + at, length - at);
    *taken = at + more;
    return (size_t)(write - out);
}
#else
typedef int ndup__string_unescape_avx2_needs_x86;
#endif
