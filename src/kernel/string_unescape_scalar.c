/* SPDX-License-Identifier: MIT */
/* Resolving the short escapes of a JSON string: the definition. */
#include <string.h>

#include "kernel/kernel.h"
#include "kernel/string_end.h"
#include "kernel/string_escapes.h"

const unsigned char ndup__escape_values[128] = {
    ['"'] = '"',  ['/'] = '/',  ['\\'] = '\\', ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n', ['r'] = '\r',  ['t'] = '\t',
};

/* Bits: 1 for 0x2_, 2 for 0x5_, 4 for 0x6_, 8 for 0x7_. */
const unsigned char ndup__escape_lows[16] = {
    ['"' % 16] = 1 | 4 | 8, /* and b and r */
    ['/' % 16] = 1,         ['\\' % 16] = 2, ['f' % 16] = 4,
    ['n' % 16] = 4,         ['t' % 16] = 8,  ['u' % 16] = 8,
};
const unsigned char ndup__escape_highs[16] = {[2] = 1, [5] = 2, [6] = 4, [7] = 8};

size_t ndup__string_unescape_scalar(char *out, size_t *taken, const char *bytes, size_t length)
{
    const char *p = bytes;
    const char *end = bytes + length;
    char *write = out;
    for (;;) {
        size_t run = (size_t)(ndup__string_end(p, end) - p);
        memcpy(write, p, run);
        write += run;
        p += run;
        char value = end - p >= 2 && *p == '\\' ? ndup__escape_value(p[1]) : '\0';
        if (value == '\0') {
            *taken = (size_t)(p - bytes);
            return (size_t)(write - out);
        }
        *write++ = value;
        p += 2;
    }
}
