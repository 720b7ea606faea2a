/* SPDX-License-Identifier: MIT */
/* Files of JSON lines: cutting streams into blocks of whole lines, and scanning them. */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"
#include "corpus/page.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

void ndup__lines_close(ndup_corpus *corpus)
{
    ndup__line_state *lines = &corpus->lines;
    ndup__stream_close(lines->stream);
    if (corpus->current < corpus->file_count && corpus->open_files > NDUP__OPEN_FILES) {
        ndup__corpus_close_file(corpus, &corpus->files[corpus->current]);
    }
    char *carry = lines->carry;
    size_t capacity = lines->carry_capacity;
    *lines = (ndup__line_state){.carry = carry, .carry_capacity = capacity};
}

/* A plain file on disk needs no stream: its descriptor is read straight into the block, and stays
 * open for fetching. Everything else is spooled while it is read. */
static ndup_status open_lines(ndup_corpus *corpus, ndup__corpus_file *file, ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    if ((file->spooled && file->read_once) || file->descriptor >= 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__stream_open(&lines->stream, file->path, corpus->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool is_plain = strcmp(ndup__stream_format(lines->stream), "plain") == 0;
    ndup__file_info info = {.kind = NDUP__FILE_SPECIAL};
    if (strcmp(file->path, "-") != 0) {
        status = ndup__file_get_info(&info, file->path, error);
    }
    if (status == NDUP_STATUS_OK && is_plain && info.kind == NDUP__FILE_REGULAR) {
        ndup__stream_close(lines->stream);
        lines->stream = NULL;
        corpus->open_files++;
        return ndup__file_open_read(&file->descriptor, file->path, error);
    }
    file->spooled = true;
    file->spool_offset = corpus->spool_length;
    return status;
}

/* Reads on where the current file stands: from the spool, the descriptor or the stream. */
static ndup_status read_some(ndup_corpus *corpus, ndup__corpus_file *file, char *buffer,
                             size_t capacity, size_t *got, ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    if (file->spooled && file->read_once) {
        uint64_t left = file->spool_length - lines->offset;
        size_t wanted = left < capacity ? (size_t)left : capacity;
        return ndup__file_read_at(corpus->spool, buffer, wanted, file->spool_offset + lines->offset,
                                  got, "the temporary file", error);
    }
    if (lines->stream == NULL) {
        lines->stored = lines->offset;
        return ndup__file_read_at(file->descriptor, buffer, capacity, lines->offset, got,
                                  file->path, error);
    }
    ndup_status status = ndup__stream_read(lines->stream, buffer, capacity, got, error);
    lines->stored = ndup__stream_position(lines->stream);
    return status;
}

static ndup_status spool_bytes(ndup_corpus *corpus, ndup__corpus_file *file, const char *bytes,
                               size_t length, ndup_error *error)
{
    if (!file->spooled || file->read_once || length == 0) {
        return NDUP_STATUS_OK;
    }
    return ndup__spool_append(corpus, bytes, length, error);
}

/* Fills the block up to `capacity`. Damage ends the file: it is noted, and what came before it
 * counts. */
static ndup_status fill(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                        size_t capacity, ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    while (block->length < capacity && !lines->ended) {
        size_t got = 0;
        ndup_error cause = {0};
        ndup_status status = read_some(corpus, file, block->bytes + block->length,
                                       capacity - block->length, &got, &cause);
        if (status == NDUP_STATUS_MEMORY) {
            return ndup__fail(error, status, "%s", cause.message);
        }
        if (status != NDUP_STATUS_OK) {
            lines->ended = true;
            status = ndup__block_note(block, corpus->files[block->file].path, 0, cause.byte,
                                      (ndup_text){NULL, 0}, &cause, error);
        } else if (got == 0) {
            lines->ended = true;
        } else {
            status = spool_bytes(corpus, file, block->bytes + block->length, got, error);
            block->length += got;
            lines->offset += got;
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    return NDUP_STATUS_OK;
}

/* Moves what stands behind the last line end from the block to the carry. */
static ndup_status carry_tail(ndup_corpus *corpus, ndup__block *block, size_t whole,
                              ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    size_t tail = block->length - whole;
    ndup_status status =
        ndup__reserve(corpus->allocator, &lines->carry, &lines->carry_capacity, tail, 1, error);
    if (status == NDUP_STATUS_OK) {
        if (tail > 0) {
            memcpy(lines->carry, block->bytes + whole, tail);
        }
        lines->carry_length = tail;
        block->length = whole;
    }
    return status;
}

static ndup_status note_too_long(const ndup_corpus *corpus, ndup__block *block, uint64_t line,
                                 uint64_t offset, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_LIMIT, "a record of more than %llu bytes",
                     (unsigned long long)corpus->max_record_bytes);
    return ndup__block_note(block, corpus->files[block->file].path, line, offset,
                            (ndup_text){NULL, 0}, &cause, error);
}

/* Reads over the rest of a line that is too long, a block at a time; its line end closes the block.
 */
static ndup_status skip_line(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                             ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    ndup_status status = fill(corpus, file, block, block->capacity, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *end = memchr(block->bytes, '\n', block->length);
    if (end != NULL) {
        lines->skipping = false;
        status = carry_tail(corpus, block, (size_t)(end + 1 - block->bytes), error);
        block->lines = 1;
    }
    block->length = 0;
    return status;
}

/* Grows the block until it holds a whole line, or until the line is known to be too long. */
static ndup_status take_lines(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                              ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    size_t searched = 0;
    for (;;) {
        ndup_status status = fill(corpus, file, block, block->capacity, error);
        if (status != NDUP_STATUS_OK || lines->ended) {
            return status;
        }
        char *end = memrchr(block->bytes + searched, '\n', block->length - searched);
        if (end != NULL) {
            return carry_tail(corpus, block, (size_t)(end + 1 - block->bytes), error);
        }
        searched = block->length;
        if (block->length > corpus->max_record_bytes) {
            lines->skipping = true;
            block->length = 0;
            return note_too_long(corpus, block, 1, block->offset, error);
        }
        status = ndup__block_reserve(block, 2 * block->capacity, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
}

static ndup_status start_file(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                              bool *usable, ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    *usable = true;
    if (lines->started) {
        return NDUP_STATUS_OK;
    }
    lines->started = true;
    ndup_error cause = {0};
    ndup_status status = open_lines(corpus, file, &cause);
    if (status == NDUP_STATUS_OK) {
        return NDUP_STATUS_OK;
    }
    *usable = false;
    lines->ended = true;
    return ndup__block_note(block, corpus->files[block->file].path, 0, 0, (ndup_text){NULL, 0},
                            &cause, error);
}

static ndup_status take(ndup_corpus *corpus, ndup__block *block, bool *more, ndup_error *error)
{
    ndup__line_state *lines = &corpus->lines;
    ndup__corpus_file *file = &corpus->files[corpus->current];
    bool usable;
    ndup_status status = ndup__block_reserve(block, NDUP__BLOCK_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        status = start_file(corpus, file, block, &usable, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (lines->ended && lines->carry_length == 0) {
        if (file->spooled && !file->read_once) {
            file->spool_length = lines->offset;
            file->read_once = true;
        }
        *more = block->note_count > 0;
        return NDUP_STATUS_OK;
    }
    status = ndup__block_reserve(block, 2 * lines->carry_length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    block->offset = lines->offset - lines->carry_length;
    if (lines->carry_length > 0) {
        memcpy(block->bytes, lines->carry, lines->carry_length);
    }
    block->length = lines->carry_length;
    lines->carry_length = 0;
    status = lines->skipping ? skip_line(corpus, file, block, error)
                             : take_lines(corpus, file, block, error);
    block->stored = corpus->stored_before + lines->stored;
    return status;
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
                             const ndup__visitor *visitor, const char *line, size_t length,
                             ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item = {.extra = extra};
    ndup_error cause = {0};
    uint64_t offset = block->offset + (uint64_t)(line - block->bytes);
    ndup_status status = NDUP_STATUS_OK;
    if (length > corpus->max_record_bytes) {
        return note_too_long(corpus, block, block->lines, offset, error);
    }
    status = ndup__fields_read(&item.document, extra, &item.replaced, &corpus->fields, line, length,
                               &block->arena, &cause);
    if (status == NDUP_STATUS_OK && corpus->options.html_field != NULL) {
        ndup__html_hints hints = {.url = item.document.url, .is_utf8 = true};
        status = ndup__page_read(&item.document, &item.replaced, block, item.document.text, &hints,
                                 &cause);
    }
    if (status == NDUP_STATUS_MEMORY) {
        return ndup__fail(error, status, "%s", cause.message);
    }
    if (status != NDUP_STATUS_OK) {
        return ndup__block_note(block, corpus->files[block->file].path, block->lines,
                                offset + cause.byte, (ndup_text){line, length}, &cause, error);
    }
    item.document.path = corpus->files[block->file].path;
    item.document.relative = corpus->files[block->file].relative;
    item.document.line = block->lines;
    item.document.offset = offset;
    item.document.length = length;
    item.place = (uint64_t)block->file << NDUP__PLACE_OFFSET_BITS | offset;
    return visitor->visit(visitor->context, &item, error);
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
            status = scan_line(corpus, block, visitor, at, (size_t)(line_end - at), error);
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
    .take = take,
    .scan = scan,
};
