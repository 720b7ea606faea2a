/* SPDX-License-Identifier: MIT */
/* Joining chunks, and telling them by what they are. */
#include "corpus/http_chunks.h"

#include <stdint.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The size in front of a chunk, and where its bytes begin; NULL if there is no such line. */
static const char *read_chunk_size(size_t *size, const char *at, const char *end)
{
    const char *first = at;
    *size = 0;
    for (; at < end && hex_value(*at) >= 0; at++) {
        if (*size > SIZE_MAX >> 8) {
            return NULL;
        }
        *size = *size << 4 | (size_t)hex_value(*at);
    }
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    if (at == first || at == end || (*at != '\r' && *at != '\n' && *at != ';')) {
        return NULL;
    }
    at = memchr(at, '\n', (size_t)(end - at));
    return at != NULL ? at + 1 : NULL;
}

static const char *skip_line_end(const char *at, const char *end)
{
    at += at < end && *at == '\r';
    at += at < end && *at == '\n';
    return at;
}

ndup_status ndup__http_chunks_join(ndup_text *body, bool *is_damaged, ndup__json_line *room,
                                   ndup_error *error)
{
    const char *at = body->bytes;
    const char *end = at + body->length;
    size_t size;
    if (read_chunk_size(&size, at, end) == NULL) {
        return NDUP_STATUS_OK;
    }
    room->length = 0;
    for (;;) {
        const char *chunk = read_chunk_size(&size, at, end);
        if (chunk == NULL || size == 0) {
            *is_damaged = *is_damaged || chunk == NULL;
            break;
        }
        bool is_whole = size <= (size_t)(end - chunk);
        size_t there = is_whole ? size : (size_t)(end - chunk);
        ndup_status status = ndup__json_line_add(room, chunk, there, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        at = skip_line_end(chunk + there, end);
    }
    /* A room that was never filled has no bytes to point to. */
    *body = (ndup_text){room->length > 0 ? room->bytes : "", room->length};
    return NDUP_STATUS_OK;
}

bool ndup__http_chunks_are_certain(ndup_text body)
{
    const char *at = body.bytes;
    const char *end = at + body.length;
    size_t size;
    const char *chunk = read_chunk_size(&size, at, end);
    bool begins = chunk != NULL && chunk < end && (*chunk == '<' || *chunk == '\x1F');
    while (begins && chunk != NULL && size > 0 && size <= (size_t)(end - chunk)) {
        chunk = read_chunk_size(&size, skip_line_end(chunk + size, end), end);
    }
    return begins && chunk != NULL && size == 0;
}
