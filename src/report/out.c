/* SPDX-License-Identifier: MIT */
/* Collecting text for a writer, and numbers as text. */
#include "report/out.h"

#include <math.h>
#include <string.h>

#define DECIMALS 6
#define FIXED_SCALE 1000000u
#define FIXED_LIMIT 1e12

void ndup__out_init(ndup__out *out, ndup__writer *writer)
{
    out->writer = writer;
    out->failure = (ndup_error){.status = NDUP_STATUS_OK};
    out->needs_comma = false;
    out->needs_cell = false;
    out->held = 0;
}

static void hand_over(ndup__out *out, const char *bytes, size_t length)
{
    if (length > 0 && out->failure.status == NDUP_STATUS_OK) {
        ndup_error failure = {.status = NDUP_STATUS_OK};
        failure.status = ndup__writer_write(out->writer, bytes, length, &failure);
        out->failure = failure;
    }
}

void ndup__out_bytes(ndup__out *out, const char *bytes, size_t length)
{
    if (length > sizeof out->buffer - out->held) {
        hand_over(out, out->buffer, out->held);
        out->held = 0;
    }
    if (length > sizeof out->buffer) {
        hand_over(out, bytes, length);
    } else if (length > 0) {
        memcpy(out->buffer + out->held, bytes, length);
        out->held += length;
    }
}

void ndup__out_text(ndup__out *out, const char *text)
{
    ndup__out_bytes(out, text, strlen(text));
}

ndup_status ndup__out_status(const ndup__out *out, ndup_error *error)
{
    if (out->failure.status != NDUP_STATUS_OK && error != NULL) {
        *error = out->failure;
    }
    return out->failure.status;
}

ndup_status ndup__out_flush(ndup__out *out, ndup_error *error)
{
    hand_over(out, out->buffer, out->held);
    out->held = 0;
    return ndup__out_status(out, error);
}

size_t ndup__format_count(char *text, uint64_t value)
{
    char digits[NDUP__NUMBER_BYTES];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < count; i++) {
        text[i] = digits[count - 1 - i];
    }
    return count;
}

size_t ndup__format_fixed(char *text, double value)
{
    if (!isfinite(value) || fabs(value) >= FIXED_LIMIT) {
        return 0;
    }
    uint64_t whole = (uint64_t)fabs(value);
    double millionths = (fabs(value) - (double)whole) * FIXED_SCALE;
    millionths += 0.5; /* by itself, so that no machine fuses the two steps */
    uint64_t fraction = (uint64_t)millionths;
    whole += fraction / FIXED_SCALE;
    fraction %= FIXED_SCALE;
    size_t length = 0;
    if (value < 0 && (whole > 0 || fraction > 0)) {
        text[length++] = '-';
    }
    length += ndup__format_count(text + length, whole);
    if (fraction == 0) {
        return length;
    }
    text[length] = '.';
    for (size_t i = DECIMALS; i > 0; i--) {
        text[length + i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    length += DECIMALS + 1;
    while (text[length - 1] == '0') {
        length--;
    }
    return length;
}

size_t ndup__format_hash(char *text, uint64_t value)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; i++) {
        text[i] = hex[value >> (60 - 4 * i) & 0x0F];
    }
    return 16;
}

/* Steps back over at most three continuation bytes: what has more in front of it is not a
 * character, and may be cut anywhere. */
size_t ndup__cut_at_character(ndup_text text, size_t limit)
{
    if (text.length <= limit) {
        return text.length;
    }
    for (size_t back = 0; back < 4 && back < limit; back++) {
        if (((unsigned char)text.bytes[limit - back] & 0xC0) != 0x80) {
            return limit - back;
        }
    }
    return limit;
}

ndup_text ndup__text_of(const char *string)
{
    return string != NULL ? (ndup_text){string, strlen(string)} : (ndup_text){NULL, 0};
}
