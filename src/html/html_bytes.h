/* SPDX-License-Identifier: MIT */
/* The kinds of ASCII bytes that HTML and the labels of encodings tell apart. */
#ifndef NDUP__HTML_HTML_BYTES_H
#define NDUP__HTML_HTML_BYTES_H

#include <stdbool.h>

/* ASCII whitespace of the WHATWG Infra Standard: without the vertical tab. */
static inline bool ndup__html_is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r' || byte == '\f';
}

static inline bool ndup__html_is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static inline char ndup__html_to_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

#endif
