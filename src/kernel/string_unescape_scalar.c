/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string: the definition. */
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/string_escapes.h"

const unsigned char ndup__escape_values[128] = {
    ['"'] = '"',  ['/'] = '/',  ['\\'] = '\\', ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n', ['r'] = '\r',  ['t'] = '\t',
};

size_t ndup__string_unescape_scalar(char *out, size_t *taken, const char *bytes, size_t length)
{
    const char *p = bytes;
    const char *end = bytes + length;
    char *write = out;
    while (p < end) {
        const char *backslash = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((backslash != NULL ? backslash : end) - p);
        memcpy(write, p, run);
        write += run;
        p += run;
        if (p == end || p[1] == 'u') {
            break;
        }
        *write++ = (char)ndup__escape_values[(unsigned char)p[1]];
        p += 2;
    }
    *taken = (size_t)(p - bytes);
    return (size_t)(write - out);
}
