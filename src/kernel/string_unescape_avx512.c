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
    while (at < length) {
        unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
        uint64_t present = _bzhi_u64(~(uint64_t)0, left);
        __m512i window = _mm512_maskz_loadu_epi8(present, bytes + at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        if (backslashes == 0) {
            _mm512_storeu_si512(write, window);
            write += left;
            at += left;
            continue;
        }
        uint64_t behind = ndup__escaped_bytes(backslashes);
        uint64_t openers = backslashes & ~behind;
        uint64_t letters = behind & _mm512_cmpeq_epi8_mask(window, EACH('u'));
        uint64_t cut = letters >> 1 | (openers & (uint64_t)1 << 63);
        unsigned whole = cut != 0 ? (unsigned)_tzcnt_u64(cut) : left;
        __m512i values = _mm512_permutex2var_epi8(low_values, window, high_values);
        window = _mm512_mask_mov_epi8(window, behind, values);
        uint64_t kept = _bzhi_u64(~openers, whole);
        _mm512_storeu_si512(write, _mm512_maskz_compress_epi8(kept, window));
        write += _mm_popcnt_u64(kept);
        at += whole;
        if (cut != 0 && (letters >> 1 >> whole & 1) != 0) {
            break;
        }
    }
    *taken = at;
    return (size_t)(write - out);
}
#else
typedef int ndup__string_unescape_avx512_needs_x86;
#endif
