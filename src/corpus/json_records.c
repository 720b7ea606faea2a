/* SPDX-License-Identifier: MIT */
/* Cutting and scanning JSON that is not a record a line. */
#include "corpus/json_records.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "corpus/json_compact.h"
#include "corpus/json_items.h"

size_t ndup__json_records_cut(ndup__corpus_file *file, const char *bytes, size_t length, bool ended,
                              bool gives_up)
{
    const char *at = bytes;
    const char *end = bytes + length;
    const char *whole = bytes;
    ndup__json_item item;
    bool is_known = file->layout != NDUP__JSON_UNKNOWN;
    while (is_known && ndup__json_item_next(&item, &at, end, ended)) {
        whole = at;
    }
    /* Only in front of the first item is what stands between items a block of its own. */
    whole = whole > bytes ? whole : at;
    if (whole == bytes && gives_up) {
        file->open = (ndup__json_open){0};
        (void)ndup__json_open_pass(&file->open, bytes, end);
    }
    return (size_t)(whole - bytes);
}

bool ndup__json_records_find_next(size_t *next, ndup__corpus_file *file, const char *bytes,
                                  size_t length)
{
    const char *stop = ndup__json_open_pass(&file->open, bytes, bytes + length);
    *next = stop != NULL ? (size_t)(stop - bytes) : length;
    return stop != NULL;
}

bool ndup__json_records_in_line(ndup_text line)
{
    const char *at = line.bytes;
    size_t objects = 0;
    size_t others = 0;
    ndup__json_item item;
    while (ndup__json_item_next(&item, &at, line.bytes + line.length, true)) {
        if (item.kind == NDUP__JSON_DAMAGED) {
            return false;
        }
        objects += item.kind == NDUP__JSON_OBJECT;
        others += item.kind != NDUP__JSON_OBJECT;
    }
    return objects > 0 || others == 0;
}

static uint64_t count_lines(const char *at, const char *end)
{
    uint64_t count = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

/* Among many records on a line the byte tells a record. */
static ndup_status name_by_place(ndup_document *document, ndup__block *block, ndup_error *error)
{
    void *name;
    size_t size = strlen(document->path) + 24;
    ndup_status status = ndup__arena_take(&block->arena, &name, size, error);
    if (status == NDUP_STATUS_OK) {
        int length =
            snprintf(name, size, "%s@%llu", document->path, (unsigned long long)document->offset);
        document->id = (ndup_text){name, (size_t)length};
    }
    return status;
}

static ndup_status visit_object(const ndup_corpus *corpus, ndup__block *block,
                                const ndup__visitor *visitor, const ndup__found *found,
                                ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    size_t copies = memchr(found->raw.bytes, '\n', found->raw.length) != NULL ? 3 : 2;
    ndup_status status = ndup__check_memory(block, copies * found->raw.length, &cause);
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_read(&item, extra, corpus, block, found, &cause);
    }
    if (status != NDUP_STATUS_OK) {
        return ndup__found_reject(corpus, block, found, &cause, error);
    }
    if (found->line == 0 && item.document.id.length == 0) {
        status = name_by_place(&item.document, block, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_compact(&item.document.record, &block->arena, error);
    }
    return status == NDUP_STATUS_OK ? visitor->visit(visitor->context, &item, error) : status;
}

static void tell_scalar(ndup_error *cause, char first)
{
    const char *kind = first == '"'                   ? "a string"
                       : first == 't' || first == 'f' ? "a truth value"
                       : first == 'n'                 ? "null"
                                                      : "a number";
    (void)ndup__fail(cause, NDUP_STATUS_INVALID, "%s in the place of a record, must be an object",
                     kind);
}

static void tell_damage(ndup_error *cause, ndup_text raw)
{
    size_t passed;
    if (ndup__record_pass(&passed, raw.bytes, raw.length, cause) == NDUP_STATUS_OK) {
        (void)ndup__fail(cause, NDUP_STATUS_CORRUPT, "text after the object's end");
        while (passed < raw.length && strchr(" \t\r", raw.bytes[passed]) != NULL) {
            passed++;
        }
        cause->byte = passed;
    }
}

static ndup_status scan_item(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, const ndup__json_item *item,
                             uint64_t line, ndup_error *error)
{
    ndup_text raw = {item->begin, (size_t)(item->end - item->begin)};
    ndup__found found = {.raw = raw, .json = raw, .line = line};
    ndup_error cause = {0};
    if (raw.length > corpus->max_record_bytes) {
        uint64_t offset = block->offset + (uint64_t)(raw.bytes - block->bytes);
        return ndup__note_too_long(corpus, block, line, offset, error);
    }
    switch (item->kind) {
    case NDUP__JSON_OBJECT:
        return visit_object(corpus, block, visitor, &found, error);
    case NDUP__JSON_SCALAR:
        tell_scalar(&cause, *item->begin);
        break;
    case NDUP__JSON_DAMAGED:
        tell_damage(&cause, raw);
        break;
    }
    return ndup__found_reject(corpus, block, &found, &cause, error);
}

ndup_status ndup__json_records_scan(const ndup_corpus *corpus, ndup__block *block,
                                    const ndup__visitor *visitor, ndup_text part, uint64_t line,
                                    ndup_error *error)
{
    const char *at = part.bytes;
    const char *end = part.bytes + part.length;
    const char *counted = at;
    bool has_lines = corpus->files[block->file].layout != NDUP__JSON_PACKED;
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_item item;
    while (status == NDUP_STATUS_OK && ndup__json_item_next(&item, &at, end, true)) {
        if (line == 0) {
            block->lines += count_lines(counted, item.begin);
            counted = item.begin;
        }
        if (!visitor->keeps) {
            ndup__arena_reset(&block->arena);
        }
        uint64_t number = line > 0 ? line : has_lines ? block->lines + 1 : 0;
        status = scan_item(corpus, block, visitor, &item, number, error);
    }
    block->lines += line == 0 ? count_lines(counted, end) : 0;
    return status;
}
