/* SPDX-License-Identifier: MIT */
/* Reading and writing UTF-8, with damaged bytes replaced as the WHATWG Encoding Standard says. */
#ifndef NDUP__TEXT_UTF8_H
#define NDUP__TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NDUP__REPLACEMENT 0xFFFDu

/* Reads the code point at bytes[0]; length is at least 1. Returns the number of bytes taken. A
 * maximal damaged sequence (Unicode 15, 3.9, "substitution of maximal subparts") gives U+FFFD and
 * adds one to *replaced. */
size_t ndup__utf8_read(uint32_t *code_point, const char *bytes, size_t length, uint64_t *replaced);

/* How many bytes do not continue a character: the number of characters, where nothing is damaged.
 */
size_t ndup__utf8_count(const char *bytes, size_t length);

/* Whether no byte is 0x80 or more. */
bool ndup__utf8_is_ascii(const char *bytes, size_t length);

/* Writes the 1 to 4 bytes of a code point (a surrogate or a value over 0x10FFFF writes U+FFFD) and
 * returns how many; `bytes` has room for 4. */
size_t ndup__utf8_write(char *bytes, uint32_t code_point);

#endif
