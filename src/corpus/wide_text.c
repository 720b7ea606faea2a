/* SPDX-License-Identifier: MIT */
/* Looking at texts in UTF-16 and UTF-32 as if they were ASCII. */
#include "corpus/wide_text.h"

/* Bytes of a code unit; 1 where zero bytes are no part of the encoding. */
static size_t unit_bytes(int kind)
{
    switch (kind) {
    case NDUP__UTF_16LE:
    case NDUP__UTF_16BE:
        return 2;
    case NDUP__UTF_32LE:
    case NDUP__UTF_32BE:
        return 4;
    default:
        return 1;
    }
}

static char narrow_unit(const char *unit, size_t width, bool is_little)
{
    char low = unit[is_little ? 0 : width - 1];
    bool is_ascii = (unsigned char)low < 0x80;
    for (size_t i = 0; i < width; i++) {
        is_ascii = is_ascii && (unit[i] == 0 || i == (is_little ? 0 : width - 1));
    }
    return is_ascii ? low : '?';
}

size_t ndup__wide_text_narrow(char narrow[NDUP__NARROW_BYTES], const ndup__encoding *encoding,
                              const char *bytes, size_t length)
{
    size_t mark;
    int kind = ndup__charset_kind(ndup__encoding_of(&mark, encoding, bytes, length));
    size_t width = unit_bytes(kind);
    bool is_little = kind == NDUP__UTF_16LE || kind == NDUP__UTF_32LE;
    size_t count = 0;
    if (width == 1) {
        return 0;
    }
    for (size_t at = mark; at + width <= length && count < NDUP__NARROW_BYTES; at += width) {
        narrow[count++] = narrow_unit(bytes + at, width, is_little);
    }
    return count;
}
