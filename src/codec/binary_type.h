/* SPDX-License-Identifier: MIT */
/* Telling by its first bytes what a file is that holds no text. */
#ifndef NDUP__CODEC_BINARY_TYPE_H
#define NDUP__CODEC_BINARY_TYPE_H

#include <stddef.h>

/* As many bytes are looked at; fewer are enough for all but tar archives. */
#define NDUP__BINARY_BYTES 512
/* How many names there are. */
#define NDUP__BINARY_NAMES 80

/* The name of the binary format that bytes[0..length) begin like ("PDF", "PNG image", "ZIP
 * archive"), or NULL. The bytes of a text, in any encoding, begin like none of them. Source: WHATWG
 * MIME Sniffing, sections 6 and 7, without the patterns that are markup or that texts begin with;
 * and the formats' own specifications. */
const char *ndup__binary_name(const char *bytes, size_t length);

/* The number of that name, for counting, in 0..NDUP__BINARY_NAMES - 1; -1 for none. */
int ndup__binary_number(const char *bytes, size_t length);

/* The name of a number that ndup__binary_number gave; NULL for others. */
const char *ndup__binary_number_name(unsigned number);

#endif
