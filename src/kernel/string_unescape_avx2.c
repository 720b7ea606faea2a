/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 32 bytes at a time. */
#include <string.h>

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

/* Copies a window in which the backslash at `place` begins an escape: from there on, the bytes come
 * from one place further. One byte behind the window is read. */
NDUP__TARGET_AVX2 static inline void copy_window(char *out, __m256i window, const char *bytes,
                                                 unsigned place, unsigned char letter)
{
    const __m256i numbers =
        _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                         21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    __m256i is_before = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)place), numbers);
    _mm256_storeu_si256((__m256i *)out, _mm256_blendv_epi8(load(bytes + 1), window, is_before));
    out[place] = (char)ndup__escape_values[letter & 0x7F];
}

/* What is left behind the last full window. */
static size_t copy_rest(char *out, size_t *taken, const char *bytes, size_t length)
{
    size_t written = 0;
    size_t at = 0;
    while (at < length) {
        char c = bytes[at];
        if (c == '\\') {
            if (bytes[at + 1] == 'u') {
                break;
            }
            at++;
            c = (char)ndup__escape_values[(unsigned char)bytes[at]];
        }
        out[written++] = c;
        at++;
    }
    *taken += at;
    return written;
}

NDUP__TARGET_AVX2
size_t ndup__string_unescape_avx2(char *out, size_t *taken, const char *bytes, size_t length)
{
    char *write = out;
    size_t at = 0;
    while (length - at > WINDOW) {
        __m256i window = load(bytes + at);
        uint32_t backslashes = find_backslashes(window);
        if (backslashes == 0) {
            _mm256_storeu_si256((__m256i *)write, window);
            write += WINDOW;
            at += WINDOW;
            continue;
        }
        unsigned place = _tzcnt_u32(backslashes);
        /* Up to the next escape, or to one that goes on behind the window. */
        uint64_t further = backslashes & ~((uint64_t)3 << place);
        unsigned end = place == WINDOW - 1 ? place : _tzcnt_u32((uint32_t)further);
        unsigned char letter = (unsigned char)bytes[at + (place + 1) % (WINDOW + 1)];
        if (letter == 'u' && place < end) {
            break;
        }
        copy_window(write, window, bytes + at, place, letter);
        write += end - (place < end);
        at += end;
    }
    *taken = at;
    return (size_t)(write - out) + copy_rest(write, taken, bytes + at, length - at);
}
#else
typedef int ndup__string_unescape_avx2_needs_x86;
#endif
