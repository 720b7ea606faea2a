/* SPDX-License-Identifier: MIT */
/* Copying JSON without the white space between its tokens. */
#include "corpus/json_compact.h"

#include <stdbool.h>
#include <string.h>

#include "kernel/kernel.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool has_line_end(ndup_text record)
{
    return memchr(record.bytes, '\n', record.length) != NULL ||
           memchr(record.bytes, '\r', record.length) != NULL;
}

/* Writes the tokens; returns how many bytes. */
static size_t write_tokens(char *out, ndup_text record)
{
    const char *end = record.bytes + record.length;
    char *write = out;
    for (const char *at = record.bytes; at < end;) {
        size_t length = 1;
        if (*at == '"') {
            uint32_t escaped = 0;
            length = 2 + ndup__string_pass(&escaped, at + 1, (size_t)(end - at - 1));
        }
        if (!is_space(*at)) {
            memcpy(write, at, length);
            write += length;
        }
        at += length;
    }
    return (size_t)(write - out);
}

ndup_status ndup__json_compact(ndup_text *record, ndup__arena *arena, ndup_error *error)
{
    if (!has_line_end(*record)) {
        return NDUP_STATUS_OK;
    }
    void *block;
    ndup_status status = ndup__arena_take(arena, &block, record->length, error);
    if (status == NDUP_STATUS_OK) {
        size_t length = write_tokens(block, *record);
        ndup__arena_trim(arena, block, length);
        *record = (ndup_text){block, length};
    }
    return status;
}
