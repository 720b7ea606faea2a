/* SPDX-License-Identifier: MIT */
/* Text to folded tokens between zero bytes: the steps that all variants share. */
#ifndef NDUP__KERNEL_TOKEN_FOLD_H
#define NDUP__KERNEL_TOKEN_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernel/kernel.h"

#define NDUP__TOKEN_TOPS 0x8080808080808080u
#define NDUP__TOKEN_HANGUL_FIRST 0xAC00u
#define NDUP__TOKEN_HANGUL_COUNT 11172u

/* Up to 8 bytes at p, padded with zeros. */
static inline uint64_t ndup__token_load(const char *p, size_t left)
{
    uint64_t bytes = 0;
    memcpy(&bytes, p, left < 8 ? left : 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

static inline void ndup__token_store(char *to, uint64_t bytes)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    memcpy(to, &bytes, 8);
}

/* Decodes the sequence of one to three bytes at the start of `bytes`; returns its length or, when
 * it is none, 0. Behind the text are zeros, which complete none. Surrogates pass: the table refuses
 * them. Texts have runs of three bytes, which a processor foresees; one and two bytes alternate and
 * are told apart without a branch. */
static inline size_t ndup__token_decode(uint32_t *code_point, uint32_t bytes)
{
    if ((bytes & 0xC0C0F0) == 0x8080E0) {
        uint32_t c = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
        *code_point = c;
        return c >= 0x800 ? 3 : 0;
    }
    uint32_t two = 0u - ((bytes & 0xC0) >> 7 & (bytes & 0xC0) >> 6);
    uint32_t c = (bytes & 0x1F) << 6 | (bytes >> 8 & 0x3F);
    *code_point = (c & two) | (bytes & 0x7F & ~two);
    bool is_whole = (bytes & (0x80 | (0xC0E0 & two))) == (0x80C0 & two) && c >= (0x80 & two);
    return is_whole ? (size_t)(1 - two) : 0;
}

/* Appends the 2 or 3 jamo of a Hangul syllable. Source: Unicode Standard 15.0, 3.12. */
static inline size_t ndup__token_put_syllable(char *to, uint32_t position)
{
    uint32_t jamo[3] = {0x1100 + position / (21 * 28), 0x1161 + position / 28 % 21,
                        0x11A7 + position % 28};
    for (int i = 0; i < 3; i++) {
        ndup__token_store(to + 3 * i,
                          0x8080E1u | (jamo[i] >> 6 & 0x3F) << 8 | (jamo[i] & 0x3F) << 16);
    }
    return position % 28 == 0 ? 6 : 9;
}

/* Appends at most `steps` short sequences, without branches on which ones they are. Returns how
 * many bytes of text were taken. Stops where the caller has to, and before eight bytes of ASCII. */
static inline size_t ndup__token_fold_short(ndup__token_stream *stream,
                                            const ndup__token_table *table, const char *text,
                                            size_t length, size_t steps)
{
    char *to = stream->bytes;
    size_t used = stream->used;
    uint32_t single = stream->after_single;
    size_t limit = stream->limit;
    size_t at = 0;
    for (; steps > 0 && at < length && used < limit; steps--) {
        size_t left = length - at;
        uint64_t bytes =
            left >= 8 ? ndup__token_load(text + at, 8) : ndup__token_load(text + at, left);
        if ((bytes & NDUP__TOKEN_TOPS) == 0) {
            break;
        }
        uint32_t c;
        size_t taken = ndup__token_decode(&c, (uint32_t)bytes);
        if (taken == 0) {
            break;
        }
        uint32_t entry = table->entries[c];
        if ((entry & NDUP__TOKEN_SPECIAL) != 0) {
            uint32_t position = c - NDUP__TOKEN_HANGUL_FIRST;
            if (position >= NDUP__TOKEN_HANGUL_COUNT) {
                break;
            }
            to[used] = 0;
            used += single;
            single = 0;
            used += ndup__token_put_syllable(to + used, position);
        } else {
            uint32_t is_single = (entry & NDUP__TOKEN_SINGLE) != 0;
            uint32_t is_word = (entry & NDUP__TOKEN_WORD) != 0;
            uint32_t is_mark = (entry & NDUP__TOKEN_MARK) != 0;
            uint32_t parts = is_single | (is_word & single);
            ndup__token_store(to + used, (uint64_t)(entry & 0xFFFFFF) << (8 * parts));
            used += parts + (entry >> NDUP__TOKEN_LENGTH_SHIFT & 3);
            single = is_single | (is_mark & single);
        }
        at += taken;
    }
    stream->used = used;
    stream->after_single = single;
    return at;
}

#endif
