/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 32 bytes at a time. */
#include <stdbool.h>

#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define WINDOW 32

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

NDUP__TARGET_AVX2
size_t ndup__string_unescape_avx2(char *out, size_t *taken, const char *bytes, size_t length)
{
    char *write = out;
    size_t at = 0;
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
