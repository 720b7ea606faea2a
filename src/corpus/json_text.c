/* SPDX-License-Identifier: MIT */
/* The insides of JSON strings: decoding escapes and writing them. */
#include "corpus/json_text.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "corpus/record_scan.h"
#include "kernel/kernel.h"
#include "kernel/string_end.h"
#include "kernel/string_escapes.h"
#include "text/utf8.h"

/* The value of a hex digit that is known to be one. */
static uint32_t hex_value(char digit)
{
    unsigned c = (unsigned char)digit;
    return (c & 0x0F) + 9 * (c >> 6);
}

static uint32_t hex_unit(const char *digits)
{
    return hex_value(digits[0]) << 12 | hex_value(digits[1]) << 8 | hex_value(digits[2]) << 4 |
           hex_value(digits[3]);
}

static bool is_high_surrogate(uint32_t unit)
{
    return (unit & 0xFC00) == 0xD800;
}

static bool is_low_surrogate(uint32_t unit)
{
    return (unit & 0xFC00) == 0xDC00;
}

static size_t read_unicode_escape(uint32_t *code_point, const char *bytes, size_t length,
                                  uint64_t *replaced)
{
    uint32_t unit = hex_unit(bytes + 2);
    if (is_high_surrogate(unit) && length >= 12 && bytes[6] == '\\' && bytes[7] == 'u') {
        uint32_t low = hex_unit(bytes + 8);
        if (is_low_surrogate(low)) {
            *code_point = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
            return 12;
        }
    }
    if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
        unit = NDUP__REPLACEMENT;
        (*replaced)++;
    }
    *code_point = unit;
    return 6;
}

size_t ndup__json_unescape(uint32_t *code_point, const char *bytes, size_t length,
                           uint64_t *replaced)
{
    assert(length >= 2 && bytes[0] == '\\');
    switch (bytes[1]) {
    case 'u':
        return read_unicode_escape(code_point, bytes, length, replaced);
    case 'b':
        *code_point = '\b';
        return 2;
    case 'f':
        *code_point = '\f';
        return 2;
    case 'n':
        *code_point = '\n';
        return 2;
    case 'r':
        *code_point = '\r';
        return 2;
    case 't':
        *code_point = '\t';
        return 2;
    default:
        *code_point = (unsigned char)bytes[1];
        return 2;
    }
}

/* Reads a \u escape, with the one behind it where the two are a surrogate pair, and writes its
 * character. Returns the bytes taken; 0 when there is none. */
static size_t decode_unicode(char **write, const char *bytes, size_t length, uint64_t *replaced)
{
    if (!ndup__is_unicode_escape(bytes, length)) {
        return 0;
    }
    uint32_t code_point;
    bool has_second = ndup__is_unicode_escape(bytes + 6, length - 6);
    size_t taken = read_unicode_escape(&code_point, bytes, has_second ? 12 : 6, replaced);
    *write += ndup__utf8_write(*write, code_point);
    return taken;
}

const char *ndup__json_decode(char **write, const char *bytes, const char *end, uint64_t *replaced)
{
    for (;;) {
        size_t taken;
        *write += ndup__string_unescape(*write, &taken, bytes, (size_t)(end - bytes));
        bytes += taken;
        /* Where one character is written as \u, its neighbours are, too. */
        const char *run = bytes;
        while ((taken = decode_unicode(write, bytes, (size_t)(end - bytes), replaced)) > 0) {
            bytes += taken;
        }
        if (bytes == run) {
            return bytes;
        }
    }
}

size_t ndup__value_decode(char *out, const ndup__value *value, uint64_t *replaced)
{
    assert(value->kind == NDUP__VALUE_STRING);
    if (!value->escaped) {
        memcpy(out, value->raw, value->length);
        return value->length;
    }
    char *write = out;
    const char *stop = ndup__json_decode(&write, value->raw, value->raw + value->length, replaced);
    assert(stop == value->raw + value->length);
    (void)stop;
    return (size_t)(write - out);
}

/* Writes the escape of '"', '\\' or a control character; returns 2 or 6. */
static size_t write_escape(char *out, char c)
{
    static const char letters[] = "btn\0fr"; /* of 0x08 to 0x0D; vertical tab has none */
    static const char hex[] = "0123456789abcdef";
    out[0] = '\\';
    if (c == '"' || c == '\\') {
        out[1] = c;
        return 2;
    }
    if (c >= 0x08 && c <= 0x0D && c != 0x0B) {
        out[1] = letters[c - 0x08];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[(unsigned char)c >> 4];
    out[5] = hex[(unsigned char)c & 0x0F];
    return 6;
}

/* Copies ASCII that needs no escape; returns how many bytes. */
static size_t copy_plain_ascii(char *out, const char *p, const char *end)
{
    const uint64_t top_bits = 0x8080808080808080u;
    const char *start = p;
    while (end - p >= 8) {
        uint64_t word = ndup__load_bytes(p);
        uint64_t marks = ndup__string_marks(word) | (word & top_bits);
        if (marks != 0) {
            size_t plain = ndup__first_marked(marks);
            memcpy(out + (p - start), p, plain);
            return (size_t)(p - start) + plain;
        }
        memcpy(out + (p - start), p, 8);
        p += 8;
    }
    if (p > start && p < end) { /* the last eight bytes, of which some are copied twice */
        uint64_t word = ndup__load_bytes(end - 8);
        if ((ndup__string_marks(word) | (word & top_bits)) == 0) {
            memcpy(out + (end - start) - 8, end - 8, 8);
            return (size_t)(end - start);
        }
    }
    while (p < end && ndup__is_string_plain(*p) && (unsigned char)*p < 0x80) {
        out[p - start] = *p;
        p++;
    }
    return (size_t)(p - start);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Copies whole characters of 2 and 3 bytes, by far the most frequent ones beyond ASCII; stops at
 * anything that asks for a closer look and returns how many bytes. */
static size_t copy_short_characters(char *out, const char *p, const char *end)
{
    const char *start = p;
    while (end - p >= 3) {
        unsigned lead = (unsigned char)p[0];
        size_t length = 0;
        if (lead >= 0xC2 && lead <= 0xDF && is_continuation(p[1])) {
            length = 2;
        } else if (lead > 0xE0 && lead <= 0xEF && lead != 0xED && is_continuation(p[1]) &&
                   is_continuation(p[2])) {
            length = 3;
        } else {
            break;
        }
        memcpy(out + (p - start), p, length);
        p += length;
    }
    return (size_t)(p - start);
}

size_t ndup__json_escape(char *out, const char *text, size_t length)
{
    uint64_t replaced;
    return ndup__json_escape_counting(out, text, length, &replaced);
}

size_t ndup__json_escape_counting(char *out, const char *text, size_t length, uint64_t *replaced)
{
    *replaced = 0;
    if (length == 0) {
        return 0;
    }
    const char *p = text;
    const char *end = text + length;
    char *write = out;
    while (p < end) {
        size_t run = copy_plain_ascii(write, p, end);
        write += run;
        p += run;
        if (p == end) {
            break;
        }
        if ((unsigned char)*p < 0x80) {
            write += write_escape(write, *p++);
            continue;
        }
        size_t copied = copy_short_characters(write, p, end);
        write += copied;
        p += copied;
        if (copied == 0) {
            uint32_t code_point;
            p += ndup__utf8_read(&code_point, p, (size_t)(end - p), replaced);
            write += ndup__utf8_write(write, code_point);
        }
    }
    return (size_t)(write - out);
}
