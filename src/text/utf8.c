/* SPDX-License-Identifier: MIT */
/* UTF-8, one code point at a time. */
#include "text/utf8.h"

#include "text/ascii_chunk.h"

/* What a lead byte promises: continuation bytes and the range of the first of them, which is what
 * shuts out overlong forms, surrogates and values over U+10FFFF. */
typedef struct lead {
    unsigned continuations;
    unsigned char low;
    unsigned char high;
} lead;

static bool lead_of(lead *out, unsigned char byte)
{
    *out = (lead){1, 0x80, 0xBF};
    if (byte < 0xC2 || byte > 0xF4) {
        return false;
    }
    if (byte >= 0xE0) {
        out->continuations = byte < 0xF0 ? 2 : 3;
    }
    if (byte == 0xE0) {
        out->low = 0xA0;
    } else if (byte == 0xED) {
        out->high = 0x9F;
    } else if (byte == 0xF0) {
        out->low = 0x90;
    } else if (byte == 0xF4) {
        out->high = 0x8F;
    }
    return true;
}

size_t ndup__utf8_read(uint32_t *code_point, const char *bytes, size_t length, uint64_t *replaced)
{
    unsigned char first = (unsigned char)bytes[0];
    if (first < 0x80) {
        *code_point = first;
        return 1;
    }
    lead expected;
    size_t taken = 1;
    if (lead_of(&expected, first)) {
        uint32_t value = first & (0x3Fu >> expected.continuations);
        while (taken < length && taken <= expected.continuations) {
            unsigned char next = (unsigned char)bytes[taken];
            if (next < expected.low || next > expected.high) {
                break;
            }
            value = (value << 6) | (next & 0x3Fu);
            expected.low = 0x80;
            expected.high = 0xBF;
            taken++;
        }
        if (taken > expected.continuations) {
            *code_point = value;
            return taken;
        }
    }
    *code_point = NDUP__REPLACEMENT;
    ++*replaced;
    return taken;
}

size_t ndup__utf8_write(char *bytes, uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
        code_point = NDUP__REPLACEMENT;
    }
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80u | (code_point & 0x3Fu));
        code_point >>= 6;
    }
    bytes[0] = (char)((0xF00u >> length & 0xFFu) | code_point);
    return length;
}

/* Continuation bytes among eight; zero bytes are none. */
static inline size_t count_continuations(uint64_t bytes)
{
    uint64_t flags = bytes & ~(bytes << 1) & NDUP__FLAGS; /* 10xxxxxx */
    return (size_t)((flags >> 7) * NDUP__EACH_BYTE >> 56);
}

/* Long parts so that a byte can count, which compilers turn into vector code; texts are full of
 * short lines, for which eight bytes at a time are faster. */
size_t ndup__utf8_count(const char *bytes, size_t length)
{
    size_t count = length;
    size_t at = 0;
    for (; length - at >= 128; at += 128) {
        uint8_t part = 0;
        for (size_t i = at; i < at + 128; i++) {
            part = (uint8_t)(part + ((signed char)bytes[i] < -64));
        }
        count -= part;
    }
    for (; length - at >= 8; at += 8) {
        count -= count_continuations(ndup__chunk_load(bytes + at));
    }
    uint64_t rest = length < 8    ? ndup__chunk_load_part(bytes, length)
                    : at < length ? ndup__chunk_load(bytes + length - 8) >> 8 * (8 - (length - at))
                                  : 0;
    return count - count_continuations(rest);
}

bool ndup__utf8_is_ascii(const char *bytes, size_t length)
{
    size_t at = 0;
    uint8_t seen = 0;
    for (; length - at >= 128 && seen < 0x80; at += 128) {
        for (size_t i = at; i < at + 128; i++) {
            seen |= (uint8_t)bytes[i];
        }
    }
    for (; at < length; at++) {
        seen |= (uint8_t)bytes[at];
    }
    return seen < 0x80;
}
