/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 64 bytes at a time. */
#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm512_set1_epi8((char)(value))

NDUP__TARGET_AVX512
size_t ndup__string_unescape_avx512(char *out, size_t *taken, const char *bytes, size_t length)
{
    const __m512i low_values = _mm512_loadu_si512(ndup__escape_values);
    const __m512i high_values = _mm512_loadu_si512(ndup__escape_values + 64);
    char *write = out;
    size_t at = 0;
    uint64_t carry = 0;
    for (; at < length; at += NDUP__STRING_WINDOW) {
        unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
        uint64_t present = _bzhi_u64(~(uint64_t)0, left);
        __m512i window = _mm512_maskz_loadu_epi8(present, bytes + at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        if ((backslashes | carry) == 0) {
            _mm512_storeu_si512(write, window);
            write += left;
            continue;
        }
        uint64_t behind = ndup__escaped_bytes(backslashes, &carry);
        uint64_t us = behind & _mm512_cmpeq_epi8_mask(window, EACH('u'));
        __m512i values = _mm512_permutex2var_epi8(low_values, window, high_values);
        window = _mm512_mask_mov_epi8(window, behind, values);
        uint64_t kept = ~(backslashes & ~behind) & present;
        kept &= us != 0 ? (us & (0 - us)) - 1 : ~(uint64_t)0;
        _mm512_storeu_si512(write, _mm512_maskz_compress_epi8(kept, window));
        write += _mm_popcnt_u64(kept);
        if (us != 0) {
            *taken = at + _tzcnt_u64(us) - 1;
            return (size_t)(write - out);
        }
    }
    *taken = length;
    return (size_t)(write - out);
}
#else
typedef int ndup__string_unescape_avx512_needs_x86;
#endif
