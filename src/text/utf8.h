/* SPDX-License-Identifier: MIT */
/* Reading and writing UTF-8, with damaged bytes replaced as the WHATWG Encoding Standard says. */
#ifndef NDUP__TEXT_UTF8_H
#define NDUP__TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NDUP__REPLACEMENT 0xFFFDu

/* Reads the code point at bytes[0]; length is at least 1. Returns the number of bytes taken. A
 * maximal damaged sequence (Unicode 15, 3.9, "substitution of maximal subparts") gives U+FFFD and
 * adds one to *replaced. */
size_t ndup__utf8_read(uint32_t *code_point, const char *bytes, size_t length, uint64_t *replaced);

/* Bytes of the byte order mark that bytes[0..length) begin with: 3 or 0. */
static inline size_t ndup__utf8_mark(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Whether eight bytes begin here that are all ASCII: what most texts can be passed by. */
static inline bool ndup__utf8_begins_ascii(const char *bytes, size_t length)
{
    uint64_t word;
    if (length < sizeof word) {
        return false;
    }
    memcpy(&word, bytes, sizeof word);
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

/* How many bytes do not continue a character: the number of characters, where nothing is damaged.
 */
size_t ndup__utf8_count(const char *bytes, size_t length);

/* Whether no byte is 0x80 or more. */
bool ndup__utf8_is_ascii(const char *bytes, size_t length);

/* Writes the 1 to 4 bytes of a code point (a surrogate or a value over 0x10FFFF writes U+FFFD) and
 * returns how many; `bytes` has room for 4. */
size_t ndup__utf8_write(char *bytes, uint32_t code_point);

#endif
