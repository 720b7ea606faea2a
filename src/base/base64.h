/* SPDX-License-Identifier: MIT */
/* Bytes as text: base64 (RFC 4648, section 4), strictly. */
#ifndef NDUP__BASE_BASE64_H
#define NDUP__BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that `bytes` bytes become, padding included. */
size_t ndup__base64_length(size_t bytes);

/* Shapes: out[ndup__base64_length(length)]. */
void ndup__base64_encode(char *out, const void *bytes, size_t length);

/* *decoded is how many bytes the text stands for. False for what is no base64: other characters,
 * wrong padding, bits that are lost. Shapes: out[3 * length / 4 + 3]. */
bool ndup__base64_decode(void *out, size_t *decoded, const char *text, size_t length);

#endif
