/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 64 bytes at a time. Nothing of it asks whether a
 * window holds an escape: every second one does, and which cannot be foreseen. */
#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define EACH(value) _mm512_set1_epi8((char)(value))

typedef struct unescaping {
    char *write;
    size_t at;      /* bytes read */
    uint64_t carry; /* 1: the next byte is behind a backslash */
} unescaping;

/* Quotes and control characters. */
NDUP__TARGET_AVX512 static inline __mmask64 find_ends(__m512i window)
{
    /* Flipping bit 1 puts a quote at 0x20, just above the control characters. */
    return _mm512_cmple_epu8_mask(_mm512_xor_si512(window, EACH(2)), EACH(0x20));
}

/* What each byte stands for behind a backslash; 0 where it makes no escape. */
NDUP__TARGET_AVX512 static inline __m512i values_of(__m512i window)
{
    return _mm512_maskz_permutex2var_epi8(_mm512_cmpgt_epi8_mask(window, EACH(-1)),
                                          _mm512_loadu_si512(ndup__escape_values), window,
                                          _mm512_loadu_si512(ndup__escape_values + 64));
}

/* Whole windows up to one in which something ends. What is asked of each is asked of mask registers
 * at once: moving a mask out of them takes two cycles. */
NDUP__TARGET_AVX512 static inline unescaping pass_whole(unescaping u, const char *bytes,
                                                        size_t length)
{
    for (; length - u.at >= NDUP__STRING_WINDOW; u.at += NDUP__STRING_WINDOW) {
        __m512i window = _mm512_loadu_si512(bytes + u.at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        uint64_t carry = u.carry;
        uint64_t behind = ndup__escaped_bytes(backslashes, &carry);
        __m512i values = values_of(window);
        __mmask64 stops = _kandn_mask64(behind, find_ends(window));
        if (!_kortestz_mask64_u8(stops, _mm512_mask_testn_epi8_mask(behind, values, values))) {
            break;
        }
        uint64_t kept = ~(backslashes & ~behind);
        window = _mm512_mask_mov_epi8(window, behind, values);
        _mm512_storeu_si512(u.write, _mm512_maskz_compress_epi8(kept, window));
        u.write += _mm_popcnt_u64(kept);
        u.carry = carry;
    }
    return u;
}

NDUP__TARGET_AVX512
size_t ndup__string_unescape_avx512(char *out, size_t *taken, const char *bytes, size_t length)
{
    unescaping u = pass_whole((unescaping){out, 0, 0}, bytes, length);
    for (; u.at < length; u.at += NDUP__STRING_WINDOW) {
        unsigned left = length - u.at < 64 ? (unsigned)(length - u.at) : 64;
        /* Behind the end are zeros, which end a string and make no escape. */
        __m512i window = _mm512_maskz_loadu_epi8(_bzhi_u64(~(uint64_t)0, left), bytes + u.at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        uint64_t was_open = u.carry;
        uint64_t behind = ndup__escaped_bytes(backslashes, &u.carry);
        __m512i values = values_of(window);
        uint64_t wrong = _mm512_mask_testn_epi8_mask(behind, values, values);
        if ((wrong & was_open) != 0) { /* the backslash is the last byte of the window before */
            *taken = u.at - 1;
            return (size_t)(u.write - out);
        }
        uint64_t stops = (find_ends(window) & ~behind) | wrong >> 1;
        uint64_t kept = ~(backslashes & ~behind) & ((stops & (0 - stops)) - 1);
        window = _mm512_mask_mov_epi8(window, behind, values);
        _mm512_storeu_si512(u.write, _mm512_maskz_compress_epi8(kept, window));
        u.write += _mm_popcnt_u64(kept);
        if (stops != 0) {
            *taken = u.at + _tzcnt_u64(stops);
            return (size_t)(u.write - out);
        }
    }
    *taken = length - u.carry;
    return (size_t)(u.write - out);
}
#else
typedef int ndup__string_unescape_avx512_needs_x86;
#endif
