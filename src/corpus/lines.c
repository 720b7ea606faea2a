/* SPDX-License-Identifier: MIT */
/* Files of JSON lines. */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "corpus/corpus_state.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    (void)corpus;
    (void)file;
    (void)ended;
    (void)error;
    const char *end = memrchr(bytes, '\n', length);
    cut->whole = end != NULL ? (size_t)(end + 1 - bytes) : 0;
    return NDUP_STATUS_OK;
}

bool ndup__lines_find_next(size_t *next, const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    *next = end != NULL ? (size_t)(end + 1 - bytes) : length;
    return end != NULL;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 &&
           (line[length - 1] == ' ' || line[length - 1] == '\r' || line[length - 1] == '\t')) {
        length--;
    }
    return length == 0;
}

static ndup_status scan_line(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, ndup_text line, ndup_error *error)
{
    if (line.length > corpus->max_record_bytes) {
        uint64_t offset = block->offset + (uint64_t)(line.bytes - block->bytes);
        return ndup__note_too_long(corpus, block, block->lines, offset, error);
    }
    ndup__found found = {.raw = line, .json = line, .line = block->lines};
    return ndup__found_visit(corpus, block, visitor, &found, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    const char *at = block->bytes;
    const char *end = block->bytes + block->length;
    if (block->offset == 0 && block->length >= 3 && memcmp(at, byte_order_mark, 3) == 0) {
        at += 3;
    }
    ndup_status status = NDUP_STATUS_OK;
    while (at < end && status == NDUP_STATUS_OK) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop != NULL ? stop : end;
        block->lines++;
        if (!is_blank(at, (size_t)(line_end - at))) {
            if (!visitor->keeps) {
                ndup__arena_reset(&block->arena);
            }
            status =
                scan_line(corpus, block, visitor, (ndup_text){at, (size_t)(line_end - at)}, error);
        }
        at = line_end + 1;
    }
    return status;
}

static const char *const suffixes[] = {".jsonl", ".ndjson", NULL};

const ndup__format ndup__format_lines = {
    .name = "jsonl",
    .suffixes = suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .cut = cut,
    .find_next = ndup__lines_find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
