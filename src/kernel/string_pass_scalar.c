/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string: the definition. */
#include <stdbool.h>

#include "kernel/kernel.h"
#include "kernel/string_end.h"
#include "kernel/string_escapes.h"

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of the escape at p, or 0 if it is none. */
static size_t escape_length(const char *p, size_t left)
{
    if (left >= 2 && (unsigned char)p[1] < 0x80 && ndup__escape_values[(unsigned char)p[1]] != 0) {
        return 2;
    }
    bool is_unicode = left >= 6 && p[1] == 'u';
    for (int i = 2; i < 6 && is_unicode; i++) {
        is_unicode = is_hex_digit(p[i]);
    }
    return is_unicode ? 6 : 0;
}

size_t ndup__string_pass_scalar(uint32_t *escaped, const char *bytes, size_t length)
{
    const char *p = bytes;
    const char *end = bytes + length;
    for (;;) {
        p = ndup__string_end(p, end);
        size_t taken = p < end && *p == '\\' ? escape_length(p, (size_t)(end - p)) : 0;
        if (taken == 0) {
            return (size_t)(p - bytes);
        }
        *escaped = 1;
        p += taken;
    }
}
