/* SPDX-License-Identifier: MIT */
/* Putting one line of JSON together in a buffer that grows. */
#include "corpus/json_line.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/record_scan.h"

/* Text is escaped in pieces, since each byte of it may take six. */
#define PIECE_BYTES ((size_t)16 << 10)
#define ESCAPED_MOST 6
/* Longest UTF-8 sequence behind its first byte. */
#define FOLLOWING_MOST 3

void ndup__json_line_deinit(ndup__json_line *line)
{
    ndup__free(line->allocator, &line->bytes, line->capacity, 1);
    line->length = 0;
    line->capacity = 0;
}

static ndup_status make_room(ndup__json_line *line, size_t more, ndup_error *error)
{
    if (line->most > 0 && line->length + more > line->most + ESCAPED_MOST * PIECE_BYTES) {
        return ndup__fail(error, NDUP_STATUS_LIMIT,
                          "a record of more than %zu bytes as JSON, which take four times the "
                          "memory to read: a larger --max-record reads it",
                          line->most);
    }
    return ndup__reserve(line->allocator, &line->bytes, &line->capacity, line->length + more, 1,
                         error);
}

ndup_status ndup__json_line_add(ndup__json_line *line, const char *bytes, size_t length,
                                ndup_error *error)
{
    ndup_status status = make_room(line, length, error);
    if (status == NDUP_STATUS_OK && length > 0) {
        memcpy(line->bytes + line->length, bytes, length);
        line->length += length;
    }
    return status;
}

/* The length of the next piece; it ends where a character begins, unless the text is damaged. */
static size_t piece_of(const char *text, size_t length)
{
    if (length <= PIECE_BYTES) {
        return length;
    }
    size_t piece = PIECE_BYTES;
    while (piece > PIECE_BYTES - FOLLOWING_MOST && ((unsigned char)text[piece] & 0xC0) == 0x80) {
        piece--;
    }
    return piece;
}

ndup_status ndup__json_line_escape(ndup__json_line *line, const char *text, size_t length,
                                   ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (length > 0 && status == NDUP_STATUS_OK) {
        size_t piece = piece_of(text, length);
        status = make_room(line, ESCAPED_MOST * piece, error);
        if (status == NDUP_STATUS_OK) {
            uint64_t replaced;
            line->length +=
                ndup__json_escape_counting(line->bytes + line->length, text, piece, &replaced);
            line->replaced += replaced;
            text += piece;
            length -= piece;
        }
    }
    return status;
}

ndup_status ndup__json_line_member(ndup__json_line *line, const char *key, ndup_text value,
                                   ndup_error *error)
{
    const char *before = line->length > 0 && line->bytes[line->length - 1] == '{' ? "\"" : ",\"";
    ndup_status status = ndup__json_line_add(line, before, strlen(before), error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, key, strlen(key), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, "\":\"", 3, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_escape(line, value.bytes, value.length, error);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "\"", 1, error) : status;
}
