/* SPDX-License-Identifier: MIT */
/* Collecting text for a writer, and numbers as text. */
#include "report/out.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

#define DECIMALS 6
#define FIXED_SCALE 1000000u
#define FIXED_LIMIT 1e12

void ndup__out_init(ndup__out *out, ndup__writer *writer, const ndup_allocator *allocator)
{
    *out = (ndup__out){.writer = writer, .allocator = allocator};
}

void ndup__out_deinit(ndup__out *out)
{
    ndup__free(out->allocator, &out->bytes, out->capacity, 1);
    out->held = out->capacity = 0;
}

static void hand_over(ndup__out *out, const char *bytes, size_t length)
{
    if (length > 0 && out->failure.status == NDUP_STATUS_OK) {
        ndup_error failure = {.status = NDUP_STATUS_OK};
        failure.status = ndup__writer_write(out->writer, bytes, length, &failure);
        out->failure = failure;
    }
}

/* Hands over what is held, and makes sure of the room. */
static char *make_room(ndup__out *out, size_t bytes)
{
    if (out->writer != NULL) {
        hand_over(out, out->bytes, out->held);
        out->held = 0;
    }
    size_t wanted = out->held + bytes;
    ndup_error failure = {.status = NDUP_STATUS_OK};
    failure.status =
        ndup__reserve(out->allocator, &out->bytes, &out->capacity,
                      wanted < NDUP__OUT_BYTES ? NDUP__OUT_BYTES : wanted, 1, &failure);
    if (failure.status != NDUP_STATUS_OK && out->failure.status == NDUP_STATUS_OK) {
        out->failure = failure;
    }
    return out->failure.status == NDUP_STATUS_OK ? out->bytes + out->held : NULL;
}

char *ndup__out_room(ndup__out *out, size_t bytes)
{
    bool has_room = out->bytes != NULL && out->capacity - out->held >= bytes;
    return has_room ? out->bytes + out->held : make_room(out, bytes);
}

void ndup__out_bytes(ndup__out *out, const char *bytes, size_t length)
{
    if (length == 0) {
        return;
    }
    if (out->writer != NULL && length > NDUP__OUT_BYTES) { /* not worth a copy */
        hand_over(out, out->bytes, out->held);
        out->held = 0;
        hand_over(out, bytes, length);
        return;
    }
    char *at = ndup__out_room(out, length);
    if (at != NULL) {
        memcpy(at, bytes, length);
        ndup__out_keep(out, at + length);
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
    hand_over(out, out->bytes, out->held);
    out->held = 0;
    return ndup__out_status(out, error);
}

uint64_t ndup__out_written(const ndup__out *out)
{
    return out->held + (out->writer != NULL ? ndup__writer_bytes(out->writer) : 0);
}

size_t ndup__format_count(char *text, uint64_t value)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    char digits[NDUP__NUMBER_BYTES];
    char *at = digits + sizeof digits;
    for (; value >= 100; value /= 100) {
        at -= 2;
        memcpy(at, pairs + 2 * (value % 100), 2);
    }
    if (value >= 10) {
        at -= 2;
        memcpy(at, pairs + 2 * value, 2);
    } else {
        *--at = (char)('0' + value);
    }
    size_t count = (size_t)(digits + sizeof digits - at);
    memcpy(text, at, count);
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
    /* The digits, one a byte, the last in the lowest; then those above 9 are moved to the letters.
     */
    uint64_t halves[2] = {value >> 32, value & UINT32_MAX};
    for (size_t i = 0; i < 2; i++) {
        uint64_t x = halves[i];
        x = (x | x << 16) & 0x0000FFFF0000FFFFu;
        x = (x | x << 8) & 0x00FF00FF00FF00FFu;
        x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Fu;
        uint64_t letters = (x + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
        x += 0x3030303030303030u + letters * ('a' - '9' - 1);
        ndup__store_bytes(text + 8 * i, ndup__reverse_bytes(x));
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
    for (size_t back = 0; back < 4 && back <= limit; back++) {
        if (((unsigned char)text.bytes[limit - back] & 0xC0) != 0x80) {
            return limit - back;
        }
    }
    return limit;
}

uint64_t ndup__count_characters(ndup_text text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += ((unsigned char)text.bytes[i] & 0xC0) != 0x80;
    }
    return count;
}

ndup_text ndup__text_of(const char *string)
{
    return string != NULL ? (ndup_text){string, strlen(string)} : (ndup_text){NULL, 0};
}
