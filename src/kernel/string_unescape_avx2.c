/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 32 bytes at a time up to the next backslash. */
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

NDUP__TARGET_AVX2
size_t ndup__string_unescape_avx2(char *out, size_t *taken, const char *bytes, size_t length)
{
    char padded[32];
    char *write = out;
    size_t at = 0;
    while (at < length) {
        unsigned left = length - at < 32 ? (unsigned)(length - at) : 32;
        const char *from = bytes + at;
        if (left < 32) {
            memset(padded, 0, sizeof padded);
            memcpy(padded, from, left);
            from = padded;
        }
        __m256i window = _mm256_loadu_si256((const __m256i *)from);
        uint32_t backslashes =
            (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(window, _mm256_set1_epi8('\\')));
        _mm256_storeu_si256((__m256i *)write, window);
        unsigned plain = backslashes != 0 ? _tzcnt_u32(backslashes) : left;
        write += plain;
        at += plain;
        if (backslashes != 0) {
            if (bytes[at + 1] == 'u') {
                break;
            }
            *write++ = (char)ndup__escape_values[(unsigned char)bytes[at + 1]];
            at += 2;
        }
    }
    *taken = at;
    return (size_t)(write - out);
}
#else
typedef int ndup__string_unescape_avx2_needs_x86;
#endif
