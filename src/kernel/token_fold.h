/* SPDX-License-Identifier: MIT */
/* Text to folded tokens between zero bytes: the steps that all variants share. */
#ifndef NDUP__KERNEL_TOKEN_FOLD_H
#define NDUP__KERNEL_TOKEN_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "kernel/kernel.h"

#define NDUP__TOKEN_TOPS 0x8080808080808080u
#define NDUP__TOKEN_HANGUL_FIRST 0xAC00u
#define NDUP__TOKEN_HANGUL_COUNT 11172u

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
        ndup__store_bytes(to + 3 * i,
                          0x8080E1u | (jamo[i] >> 6 & 0x3F) << 8 | (jamo[i] & 0x3F) << 16);
    }
    return position % 28 == 0 ? 6 : 9;
}

/* Appends what an entry says. */
static inline void ndup__token_put_entry(ndup__token_stream *stream, uint32_t entry)
{
    uint32_t is_single = (entry & NDUP__TOKEN_SINGLE) != 0;
    uint32_t is_word = (entry & NDUP__TOKEN_WORD) != 0;
    uint32_t is_mark = (entry & NDUP__TOKEN_MARK) != 0;
    uint32_t parts = is_single | (is_word & stream->after_single);
    ndup__store_bytes(stream->bytes + stream->used, (uint64_t)(entry & 0xFFFFFF) << (8 * parts));
    stream->used += parts + (entry >> NDUP__TOKEN_LENGTH_SHIFT & 3);
    stream->after_single = is_single | (is_mark & stream->after_single);
}

/* Appends what a special code point folds to; false where it is left to the caller. */
static inline bool ndup__token_put_special(ndup__token_stream *stream,
                                           const ndup__token_table *table, uint32_t entry,
                                           uint32_t code_point)
{
    if ((entry & NDUP__TOKEN_EXPANDS) != 0) {
        for (int i = 0; i < NDUP__TOKEN_PARTS; i++) {
            uint32_t part = table->expansions[i][entry & 0xFFFF];
            if (part != 0) {
                ndup__token_put_entry(stream, part);
            }
        }
        return true;
    }
    uint32_t position = code_point - NDUP__TOKEN_HANGUL_FIRST;
    if (position >= NDUP__TOKEN_HANGUL_COUNT) {
        return false;
    }
    stream->bytes[stream->used] = 0;
    stream->used += stream->after_single;
    stream->after_single = 0;
    stream->used += ndup__token_put_syllable(stream->bytes + stream->used, position);
    return true;
}

/* Appends `steps` short sequences, without branches on which ones they are, and what a mark waits
 * for. Returns how many bytes of text were taken. Stops where the caller has to, and before eight
 * bytes of ASCII. */
static inline size_t ndup__token_fold_short(ndup__token_stream *stream,
                                            const ndup__token_table *table, const char *text,
                                            size_t length, size_t steps)
{
    ndup__token_stream s = *stream;
    ndup__token_stream sure = s; /* before the mark that has to wait for what follows it */
    size_t sure_at = 0;
    bool waits = false;
    size_t at = 0;
    for (; (steps > 0 || waits) && at < length && s.used<s.limit; steps -= steps> 0) {
        size_t left = length - at;
        uint64_t bytes =
            left >= 8 ? ndup__load_bytes(text + at) : ndup__load_some(text + at, (unsigned)left);
        if ((bytes & NDUP__TOKEN_TOPS) == 0) {
            break;
        }
        uint32_t c;
        size_t taken = ndup__token_decode(&c, (uint32_t)bytes);
        if (taken == 0) {
            break;
        }
        uint32_t entry = table->entries[c];
        if ((entry & NDUP__TOKEN_SPECIAL) == 0) {
            waits = waits && entry == NDUP__TOKEN_MARK;
            ndup__token_put_entry(&s, entry);
        } else {
            ndup__token_stream before = s;
            if (!ndup__token_put_special(&s, table, entry, c)) {
                break;
            }
            waits = (entry & NDUP__TOKEN_ENDS_ORDERED) != 0;
            sure = before;
            sure_at = at;
        }
        at += taken;
    }
    if (waits && at < length && (unsigned char)text[at] >= 0x80) {
        s = sure;
        at = sure_at;
    }
    *stream = s;
    return at;
}

#endif
