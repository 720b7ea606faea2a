/* SPDX-License-Identifier: MIT */
/* Where the lines of a text end. */
#include "text/line_ends.h"

#include <string.h>

/* Bytes of the line end other than LF at text[at], 0 where there is none. CR LF counts as its LF,
 * so CR is one only without it. */
static size_t measure_other(const char *text, size_t length, size_t at, bool is_escaped)
{
    const char *here = text + at;
    size_t left = length - at;
    switch ((unsigned char)*here) {
    case '\r':
        return left == 1 || here[1] != '\n';
    case '\v':
    case '\f':
        return 1;
    case 0xC2:
        return left >= 2 && here[1] == '\x85' ? 2 : 0;
    case 0xE2:
        return left >= 3 && here[1] == '\x80' && (here[2] == '\xA8' || here[2] == '\xA9') ? 3 : 0;
    case '\\':
        return is_escaped && left >= 2 && here[1] == 'n' ? 2 : 0;
    case '<':
        break;
    default:
        return 0;
    }
    if (left < 4 || (here[1] | 0x20) != 'b' || (here[2] | 0x20) != 'r') {
        return 0;
    }
    size_t size = 3;
    while (size < left && (here[size] == ' ' || here[size] == '/')) {
        size++;
    }
    return size < left && here[size] == '>' ? size + 1 : 0;
}

/* Whether one of the line ends that begin with the byte is in the text. */
static bool has_other(const char *text, size_t length, char first, bool is_escaped)
{
    const char *end = text + length;
    const char *at = memchr(text, first, length);
    while (at != NULL && measure_other(text, length, (size_t)(at - text), is_escaped) == 0) {
        at = at + 1 < end ? memchr(at + 1, first, (size_t)(end - at - 1)) : NULL;
    }
    return at != NULL;
}

ndup__line_ends ndup__line_ends_of(const char *text, size_t length)
{
    static const char firsts[] = {'\r', '\v', '\f', '\xC2', '\xE2', '<'};
    ndup__line_ends ends = {false, false};
    if (length == 0) {
        return ends;
    }
    for (size_t i = 0; i < sizeof firsts && !ends.has_others; i++) {
        ends.has_others = has_other(text, length, firsts[i], false);
    }
    if (!ends.has_others && memchr(text, '\n', length) == NULL) {
        ends.is_escaped = has_other(text, length, '\\', true);
        ends.has_others = ends.is_escaped;
    }
    return ends;
}

size_t ndup__line_ends_find(size_t *next, const ndup__line_ends *ends, const char *text,
                            size_t length, size_t begin)
{
    if (!ends->has_others) {
        const char *stop = begin < length ? memchr(text + begin, '\n', length - begin) : NULL;
        *next = stop != NULL ? (size_t)(stop - text) + 1 : length;
        return stop != NULL ? (size_t)(stop - text) : length;
    }
    for (size_t at = begin; at < length; at++) {
        size_t size = text[at] == '\n' ? 1 : measure_other(text, length, at, ends->is_escaped);
        if (size > 0) {
            *next = at + size;
            return at;
        }
    }
    *next = length;
    return length;
}
