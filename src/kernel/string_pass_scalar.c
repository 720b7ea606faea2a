/* SPDX-License-Identifier: MIT */
/* Passing the inside of a JSON string: the definition. */
#include "kernel/kernel.h"
#include "kernel/string_end.h"
#include "kernel/string_escapes.h"

/* The length of the escape at p, or 0 if it is none. */
static size_t escape_length(const char *p, size_t left)
{
    if (left >= 2 && ndup__escape_value(p[1]) != '\0') {
        return 2;
    }
    return ndup__is_unicode_escape(p, left) ? 6 : 0;
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
