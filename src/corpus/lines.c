/* SPDX-License-Identifier: MIT */
/* Files of JSON: an object a line, or objects in arrays, behind each other and over lines. */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "corpus/corpus_state.h"
#include "corpus/json_records.h"
#include "corpus/object_lines.h"
#include "text/utf8.h"

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    (void)error;
    if (file->layout == NDUP__JSON_UNKNOWN) {
        file->layout = ndup__json_find_layout(bytes, length, ended);
    }
    if (file->layout != NDUP__JSON_LINES) {
        bool gives_up = length > corpus->max_record_bytes;
        cut->whole = ndup__json_records_cut(file, bytes, length, ended, gives_up);
        return NDUP_STATUS_OK;
    }
    const char *end = memrchr(bytes, '\n', length);
    cut->whole = end != NULL ? (size_t)(end + 1 - bytes) : 0;
    return NDUP_STATUS_OK;
}

bool ndup__lines_find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    (void)file;
    const char *end = memchr(bytes, '\n', length);
    *next = end != NULL ? (size_t)(end + 1 - bytes) : length;
    return end != NULL;
}

static bool find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    return file->layout == NDUP__JSON_LINES
               ? ndup__lines_find_next(next, file, bytes, length)
               : ndup__json_records_find_next(next, file, bytes, length);
}

/* The line without a comma at its end, as it stands behind each but the last record of an array;
 * empty if it is blank. */
static ndup_text trim(const char *line, size_t length)
{
    size_t end = length;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\r' || line[end - 1] == '\t')) {
        end--;
    }
    if (end == 0 || line[end - 1] != ',') {
        return (ndup_text){line, end > 0 ? length : 0};
    }
    return (ndup_text){line, end - 1};
}

static ndup_status scan_line(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, ndup_text line, ndup_error *error)
{
    if (line.length > corpus->max_record_bytes) {
        uint64_t offset = block->offset + (uint64_t)(line.bytes - block->bytes);
        return ndup__note_too_long(corpus, block, block->lines, offset, error);
    }
    ndup__found found = {.raw = line, .json = line, .line = block->lines};
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    ndup_status status = ndup__found_read(&item, extra, corpus, block, &found, &cause);
    if (status == NDUP_STATUS_OK) {
        return visitor->visit(visitor->context, &item, error);
    }
    return status == NDUP_STATUS_CORRUPT && ndup__json_records_in_line(line)
               ? ndup__json_records_scan(corpus, block, visitor, line, block->lines, error)
               : ndup__found_reject(corpus, block, &found, &cause, error);
}

static ndup_status scan_lines(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, ndup_error *error)
{
    if (block->length == 0) { /* of a file that could not be read there is a note only */
        return NDUP_STATUS_OK;
    }
    const char *at = block->bytes;
    const char *end = block->bytes + block->length;
    if (block->offset == 0) {
        at += ndup__utf8_mark(at, block->length);
    }
    ndup_status status = NDUP_STATUS_OK;
    while (at < end && status == NDUP_STATUS_OK) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop != NULL ? stop : end;
        ndup_text line = trim(at, (size_t)(line_end - at));
        block->lines++;
        if (line.length > 0) {
            if (!visitor->keeps) {
                ndup__arena_reset(&block->arena);
            }
            status = scan_line(corpus, block, visitor, line, error);
        }
        at = line_end + 1;
    }
    return status;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    if (corpus->files[block->file].layout == NDUP__JSON_LINES) {
        return scan_lines(corpus, block, visitor, error);
    }
    return ndup__json_records_scan(corpus, block, visitor, (ndup_text){block->bytes, block->length},
                                   0, error);
}

static const char *const suffixes[] = {".jsonl", ".ndjson", ".jl", NULL};
static const char *const no_suffixes[] = {NULL};

const ndup__format ndup__format_lines = {
    .name = "jsonl",
    .suffixes = suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .recognises = ndup__object_lines_begin,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};

/* The same, but that kept records are written as JSON lines, which is another kind of file. */
const ndup__format ndup__format_json = {
    .name = "json",
    .suffixes = no_suffixes,
    .streams = true,
    .is_text = true,
    .has_lines = true,
    .is_converted = true,
    .recognises = ndup__json_array_begins,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
