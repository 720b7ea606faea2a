/* SPDX-License-Identifier: MIT */
/* From a record found in a block to a document, or to a note that says why there is none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "corpus/asked_fields.h"
#include "corpus/corpus_state.h"
#include "corpus/page.h"

ndup_status ndup__note_too_long(const ndup_corpus *corpus, ndup__block *block, uint64_t line,
                                uint64_t offset, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_LIMIT, "a record of more than %llu bytes",
                     (unsigned long long)corpus->max_record_bytes);
    return ndup__block_note(block, corpus->files[block->file].path, line, offset,
                            (ndup_text){NULL, 0}, &cause, error);
}

static uint64_t offset_of(const ndup__block *block, const ndup__found *found)
{
    return block->offset + (uint64_t)(found->raw.bytes - block->bytes);
}

ndup_text ndup__found_name(char name[NDUP__NAME_BYTES], const char *path, uint64_t offset)
{
    size_t length = strlen(path);
    size_t most = NDUP__NAME_BYTES - 24;
    const char *shown = length > most ? path + (length - most) : path;
    int written = snprintf(name, NDUP__NAME_BYTES, "%s@%" PRIu64, shown, offset);
    return (ndup_text){name, (size_t)written};
}

void ndup__found_keep_units(ndup_document *document, const ndup_document *page)
{
    if (page->units != NULL && document->text.length == page->text.length &&
        (page->text.length == 0 ||
         memcmp(document->text.bytes, page->text.bytes, page->text.length) == 0)) {
        document->units = page->units;
        document->unit_count = page->unit_count;
    }
}

ndup_status ndup__found_take_json(ndup__found *found, ndup__block *block,
                                  const ndup__visitor *visitor, ndup_error *error)
{
    const ndup__json_line *made = &block->json;
    char *copy = made->bytes;
    ndup_status status = NDUP_STATUS_OK;
    block->json_is_lent = visitor->keeps && made->length > NDUP__KEPT_MOST;
    if (visitor->keeps && !block->json_is_lent) {
        status = ndup__arena_copy(&block->arena, &copy, made->bytes, made->length, error);
    }
    found->json = (ndup_text){copy, made->length};
    return status;
}

ndup_status ndup__check_memory(const ndup__block *block, size_t bytes, ndup_error *error)
{
    return bytes <= block->most ? NDUP_STATUS_OK
                                : ndup__fail(error, NDUP_STATUS_LIMIT,
                                             "a record that takes more than %zu bytes to read: a "
                                             "larger --max-record reads it",
                                             block->most);
}

/* The record as JSON and its decoded text are in memory together, with what it was made of. */
static ndup_status check_found(const ndup__block *block, const ndup__found *found,
                               ndup_error *error)
{
    bool is_made = found->json.bytes != found->raw.bytes;
    size_t bytes = 2 * found->json.length + (is_made ? found->raw.length : 0);
    return ndup__check_memory(block, bytes, error);
}

ndup_status ndup__found_read(ndup__item *item, ndup__value *extra, const ndup_corpus *corpus,
                             ndup__block *block, const ndup__found *found, ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[block->file];
    uint64_t offset = offset_of(block, found);
    *item = (ndup__item){.extra = extra};
    ndup_status status = check_found(block, found, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__fields_read(&item->document, extra, &item->replaced, &corpus->fields,
                                   found->json.bytes, found->json.length, &block->arena, error);
    }
    if (status == NDUP_STATUS_OK) {
        block->given |= ndup__fields_given(&item->document);
    }
    if (status == NDUP_STATUS_OK && corpus->options.html_field != NULL) {
        ndup__html_hints hints = {.url = item->document.url, .is_utf8 = true};
        status = ndup__page_read(&item->document, &item->replaced, block, item->document.text,
                                 &hints, error);
    }
    item->document.path = file->path;
    item->document.relative = file->relative;
    item->document.other_names = file->other_names;
    item->document.other_name_count = file->other_name_count;
    item->document.line = found->line;
    item->document.offset = offset;
    item->document.length = found->raw.length;
    item->stored = found->raw;
    item->place = (uint64_t)block->file << NDUP__PLACE_OFFSET_BITS | offset;
    return status;
}

ndup_status ndup__found_reject(const ndup_corpus *corpus, ndup__block *block,
                               const ndup__found *found, const ndup_error *cause, ndup_error *error)
{
    if (ndup__is_system_fault(cause)) {
        return ndup__fail_as(error, cause);
    }
    /* Positions in JSON that was made from the record mean nothing to the reader. */
    uint64_t byte = found->json.bytes == found->raw.bytes ? cause->byte : 0;
    const ndup__corpus_file *file = &corpus->files[block->file];
    return ndup__block_note(block, file->path, found->line, offset_of(block, found) + byte,
                            file->format->has_lines ? found->raw : (ndup_text){NULL, 0}, cause,
                            error);
}

ndup_status ndup__found_visit(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, const ndup__found *found,
                              ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    ndup_status status = ndup__found_read(&item, extra, corpus, block, found, &cause);
    return status == NDUP_STATUS_OK ? visitor->visit(visitor->context, &item, error)
                                    : ndup__found_reject(corpus, block, found, &cause, error);
}

/* Lines do not tell records apart where several stand on one. */
static ndup_status name_by_place(ndup_text *id, const ndup_corpus *corpus, ndup__block *block,
                                 const ndup__found *found, ndup_error *error)
{
    char name[NDUP__NAME_BYTES];
    char *copy;
    *id = ndup__found_name(name, corpus->files[block->file].path, offset_of(block, found));
    ndup_status status = ndup__arena_copy(&block->arena, &copy, id->bytes, id->length, error);
    id->bytes = copy;
    return status;
}

ndup_status ndup__found_visit_page(const ndup_corpus *corpus, ndup__block *block,
                                   const ndup__visitor *visitor, const ndup__found *found,
                                   const ndup_document *page, uint64_t replaced, ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    ndup_status status = ndup__found_read(&item, extra, corpus, block, found, &cause);
    if (status == NDUP_STATUS_OK && item.document.id.length == 0) {
        status = name_by_place(&item.document.id, corpus, block, found, &cause);
    }
    if (status != NDUP_STATUS_OK) {
        return ndup__found_reject(corpus, block, found, &cause, error);
    }
    ndup__found_keep_units(&item.document, page);
    item.replaced += replaced;
    return visitor->visit(visitor->context, &item, error);
}
