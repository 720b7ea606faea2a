/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string, 64 bytes at a time. Nothing of it asks whether a
 * window holds an escape: every second one does, and which cannot be foreseen. */
#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

#if NDUP__CPU_X86
#include <immintrin.h>
#include <stdbool.h>

#define EACH(value) _mm512_set1_epi8((char)(value))

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

/* What is asked of whole windows is asked of mask registers, all at once: moving a mask out of them
 * takes two cycles. */
NDUP__TARGET_AVX512
size_t ndup__string_unescape_avx512(char *out, size_t *taken, const char *bytes, size_t length)
{
    char *write = out;
    uint64_t carry = 0; /* 1: the next byte is behind a backslash */
    for (size_t at = 0; at < length; at += NDUP__STRING_WINDOW) {
        bool is_whole = length - at >= NDUP__STRING_WINDOW;
        /* Behind the end are zeros, which end a string and make no escape. */
        __m512i window =
            is_whole ? _mm512_loadu_si512(bytes + at)
                     : _mm512_maskz_loadu_epi8(_bzhi_u64(~(uint64_t)0, (unsigned)(length - at)),
                                               bytes + at);
        uint64_t backslashes = _mm512_cmpeq_epi8_mask(window, EACH('\\'));
        uint64_t was_open = carry;
        uint64_t behind = ndup__escaped_bytes(backslashes, &carry);
        __m512i values = values_of(window);
        __mmask64 ends = _kandn_mask64(behind, find_ends(window));
        __mmask64 wrong = _mm512_mask_testn_epi8_mask(behind, values, values);
        uint64_t kept = ~(backslashes & ~behind);
        window = _mm512_mask_mov_epi8(window, behind, values);
        if (_kortestz_mask64_u8(ends, wrong)) {
            _mm512_storeu_si512(write, _mm512_maskz_compress_epi8(kept, window));
            write += _mm_popcnt_u64(kept);
            continue;
        }
        if ((wrong & was_open) != 0) { /* the backslash is the last byte of the window before */
            *taken = at - 1;
            return (size_t)(write - out);
        }
        unsigned stop = (unsigned)_tzcnt_u64(ends | wrong >> 1);
        kept = _bzhi_u64(kept, stop);
        _mm512_storeu_si512(write, _mm512_maskz_compress_epi8(kept, window));
        write += _mm_popcnt_u64(kept);
        *taken = at + stop;
        return (size_t)(write - out);
    }
    *taken = length - carry;
    return (size_t)(write - out);
}
#else
typedef int ndup__string_unescape_avx512_needs_x86;
#endif
