/* SPDX-License-Identifier: MIT */
/* Letters of scripts by code point ranges. */
#include "support/letters.h"

#include <stdint.h>

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

static uint32_t one_of(test_random *random, uint32_t first, uint32_t count)
{
    return first + (uint32_t)test_random_below(random, count);
}

size_t letters_ascii(char *out, test_random *random)
{
    return put_utf8(out, test_random_below(random, 6) == 0 ? ' ' : one_of(random, 'a', 26));
}

size_t letters_latin(char *out, test_random *random)
{
    if (test_random_below(random, 6) == 0) {
        return put_utf8(out, one_of(random, 0x100, 0x7F));
    }
    return letters_ascii(out, random);
}

size_t letters_cyrillic(char *out, test_random *random)
{
    return put_utf8(out, test_random_below(random, 7) == 0 ? ' ' : one_of(random, 0x430, 32));
}

size_t letters_cjk(char *out, test_random *random)
{
    return put_utf8(out,
                    test_random_below(random, 12) == 0 ? 0xFF0C : one_of(random, 0x4E00, 0x2000));
}

size_t letters_thai(char *out, test_random *random)
{
    size_t length = put_utf8(out, one_of(random, 0xE01, 46));
    if (test_random_below(random, 3) == 0) {
        length += put_utf8(out + length, one_of(random, 0xE34, 6));
    }
    return length;
}

size_t letters_fill(char *out, size_t wanted, letter_writer *put, unsigned seed)
{
    test_random random;
    test_random_init(&random, seed);
    size_t length = 0;
    while (length < wanted) {
        length += put(out + length, &random);
    }
    return length;
}
