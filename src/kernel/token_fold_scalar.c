/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: the definition. */
#include "kernel/token_fold.h"

static size_t fold_ascii(char *to, const char *text, size_t length)
{
    size_t at = 0;
    for (; at < length && (unsigned char)text[at] < 0x80; at++) {
        unsigned c = (unsigned char)text[at];
        unsigned low = c | 0x20;
        to[at] = (char)(low - 'a' < 26 || c - '0' < 10 ? low : 0);
    }
    return at;
}

size_t ndup__token_fold_scalar(ndup__token_stream *stream, const ndup__token_table *table,
                               const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && stream->used < stream->limit) {
        size_t taken;
        if ((unsigned char)text[at] < 0x80) {
            stream->bytes[stream->used] = 0;
            stream->used += stream->after_single;
            stream->after_single = 0;
            size_t room = stream->limit - stream->used + 1;
            size_t left = length - at;
            taken = fold_ascii(stream->bytes + stream->used, text + at, left < room ? left : room);
            stream->used += taken;
        } else {
            taken = ndup__token_fold_short(stream, table, text + at, length - at, SIZE_MAX);
        }
        if (taken == 0) {
            break;
        }
        at += taken;
    }
    return at;
}
