/* SPDX-License-Identifier: MIT */
/* Three bytes are four characters of six bits. */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t ndup__base64_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

void ndup__base64_encode(char *out, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)at[i] << 16 | (left > 1 ? (uint32_t)at[i + 1] << 8 : 0) |
                         (left > 2 ? at[i + 2] : 0u);
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[group & 63] : '=';
    }
}

/* The six bits of a character; -1 for others. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool ndup__base64_decode(void *out, size_t *decoded, const char *text, size_t length)
{
    unsigned char *write = out;
    *decoded = 0;
    for (size_t i = 0; i < length; i += 4) {
        size_t given = 4;
        uint32_t group = 0;
        if (length - i < 4) {
            return false;
        }
        while (i + 4 == length && given > 2 && text[i + given - 1] == '=') {
            given--;
        }
        for (size_t k = 0; k < 4; k++) {
            int value = k < given ? value_of(text[i + k]) : 0;
            if (value < 0) {
                return false;
            }
            group = group << 6 | (uint32_t)value;
        }
        for (size_t k = 0; k + 1 < given; k++) {
            write[(*decoded)++] = (unsigned char)(group >> (16 - 8 * k));
        }
        if (given < 4 && (group & (given == 3 ? 0xFFu : 0xFFFFu)) != 0) {
            return false;
        }
    }
    return true;
}
