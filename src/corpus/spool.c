/* SPDX-License-Identifier: MIT */
/* The temporary copy of what cannot be read twice, and callers' documents written into it as JSON
 * lines. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

/* The copy leaves a tenth of what is free: a full disk, or with many a /tmp full memory, would hurt
 * others. */
#define FREE_PARTS 10

/* `beside`: bytes of other copies, which count, too. */
static ndup_status open_copy(ndup_corpus *corpus, ndup__packed_copy *copy, uint64_t beside,
                             ndup_error *error)
{
    uint64_t free_bytes;
    const char *folder = corpus->options.temporary_folder;
    ndup_status status = ndup__copy_open(copy, folder, corpus->allocator, error);
    uint64_t most = corpus->options.max_temporary_bytes;
    if (status == NDUP_STATUS_OK && most == 0) {
        status = ndup__file_get_free(&free_bytes, copy->file, "the temporary file", error);
        most = beside + free_bytes - free_bytes / FREE_PARTS;
    }
    corpus->spool_most = most;
    copy->most = most > beside ? most - beside : 0;
    return status;
}

ndup_status ndup__spool_open(ndup_corpus *corpus, ndup_error *error)
{
    return corpus->spool.is_open ? NDUP_STATUS_OK : open_copy(corpus, &corpus->spool, 0, error);
}

ndup_status ndup__gathered_open(ndup_corpus *corpus, ndup_error *error)
{
    ndup__copy_close(&corpus->gathered);
    return open_copy(corpus, &corpus->gathered, corpus->spool.stored, error);
}

ndup_status ndup__spool_explain(const ndup_corpus *corpus, ndup_status status, ndup_error *error)
{
    return status == NDUP_STATUS_LIMIT ? ndup__spool_check(corpus, UINT64_MAX, error) : status;
}

ndup_status ndup__spool_check(const ndup_corpus *corpus, uint64_t bytes, ndup_error *error)
{
    char shown[80];
    if (bytes <= corpus->spool_most) {
        return NDUP_STATUS_OK;
    }
    const char *folder = ndup__file_temporary_folder(corpus->options.temporary_folder);
    return ndup__fail(error, NDUP_STATUS_LIMIT,
                      "the temporary copy in %s would have over %llu bytes%s: --temp-dir names "
                      "a roomier folder, --max-temp allows more",
                      ndup__shorten_path(shown, sizeof shown, folder),
                      (unsigned long long)corpus->spool_most,
                      corpus->options.max_temporary_bytes == 0 ? ", 9/10 of what was free" : "");
}

ndup_status ndup__spool_write(const ndup_corpus *corpus, ndup__block *block, const char *bytes,
                              size_t length, uint64_t offset, ndup_error *error)
{
    ndup__packed_copy *copy = (ndup__packed_copy *)&corpus->spool; /* any thread may add */
    ndup_status status = ndup__frame_room_want(&block->frames, block->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__spool_explain(
            corpus, ndup__copy_add(copy, block->frames, offset, bytes, length, error), error);
    }
    return status;
}

ndup_status ndup__spool_read(const ndup_corpus *corpus, ndup__block *block, char *buffer,
                             size_t length, uint64_t offset, size_t *got, ndup_error *error)
{
    ndup__packed_copy *copy = (ndup__packed_copy *)&corpus->spool;
    ndup_status status = ndup__frame_room_want(&block->frames, block->allocator, error);
    *got = 0;
    return status == NDUP_STATUS_OK
               ? ndup__copy_read(copy, block->frames, offset, buffer, length, got, error)
               : status;
}

ndup_status ndup__gathered_read(const ndup_corpus *corpus, ndup__block *block, size_t length,
                                ndup_error *error)
{
    ndup__packed_copy *copy = (ndup__packed_copy *)&corpus->gathered; /* any thread may read */
    ndup__place place = (ndup__place)block->file << NDUP__PLACE_OFFSET_BITS | block->offset;
    ndup_status status = ndup__frame_room_want(&block->frames, block->allocator, error);
    if (status == NDUP_STATUS_OK && copy->is_open) {
        status = ndup__copy_read(copy, block->frames, place, block->bytes, length, &block->length,
                                 error);
    }
    return status == NDUP_STATUS_OK && block->length < length
               ? ndup__fail(error, NDUP_STATUS_INVALID,
                            "a document of %s that was not gathered (byte %llu)",
                            corpus->files[block->file].path, (unsigned long long)block->offset)
               : status;
}

ndup_status ndup__spool_block(const ndup_corpus *corpus, ndup__block *block, ndup_error *error)
{
    if (!block->is_new) {
        return NDUP_STATUS_OK;
    }
    block->is_new = false;
    return ndup__spool_write(corpus, block, block->bytes, block->length,
                             corpus->files[block->file].spool_offset + block->offset, error);
}

static ndup_status check_part(const char *name, ndup_text part, ndup_error *error)
{
    return part.length == 0 || part.bytes != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "a document whose %s has %zu bytes at NULL",
                            name, part.length);
}

ndup_status ndup__spool_document(ndup_corpus *corpus, ndup__corpus_file *file, ndup__stream *stream,
                                 char *buffer, size_t capacity, ndup_error *problem,
                                 ndup_error *error)
{
    size_t got = 1;
    ndup_status status = ndup__spool_open(corpus, error);
    file->spooled = file->read_once = true;
    file->spool_offset = corpus->spool_length;
    while (status == NDUP_STATUS_OK && got > 0) {
        if (ndup__stream_read(stream, buffer, capacity, &got, problem) != NDUP_STATUS_OK) {
            break;
        }
        if (file->decoded_length + got > corpus->max_record_bytes) {
            (void)ndup__fail(problem, NDUP_STATUS_LIMIT, "a text of more than %llu bytes",
                             (unsigned long long)corpus->max_record_bytes);
            break;
        }
        status = ndup__spool_write(corpus, &corpus->opening, buffer, got,
                                   file->spool_offset + file->decoded_length, error);
        file->decoded_length += got;
    }
    file->size = file->decoded_length;
    corpus->spool_length += file->decoded_length;
    return problem->status == NDUP_STATUS_MEMORY ? ndup__fail_as(error, problem) : status;
}

/* A caller's record goes in as it is; otherwise one is made of the parts. */
static ndup_status add_document(ndup__json_line *line, const ndup_document *document,
                                ndup_error *error)
{
    ndup_status status = check_part("record", document->record, error);
    if (status == NDUP_STATUS_OK && document->record.length > 0) {
        if (memchr(document->record.bytes, '\n', document->record.length) != NULL) {
            return ndup__fail(error, NDUP_STATUS_INVALID, "a record with a line end inside");
        }
        status = ndup__json_line_add(line, document->record.bytes, document->record.length, error);
        return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "\n", 1, error) : status;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_add(line, "{", 1, error);
    }
    const struct {
        const char *key;
        ndup_text value;
    } parts[] = {{"id", document->id},     {"source", document->source}, {"url", document->url},
                 {"date", document->date}, {"title", document->title},   {"text", document->text}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == NDUP_STATUS_OK; i++) {
        status = check_part(parts[i].key, parts[i].value, error);
        if (status != NDUP_STATUS_OK) {
            break;
        }
        if (parts[i].value.length > 0 || strcmp(parts[i].key, "text") == 0) {
            status = ndup__json_line_member(line, parts[i].key, parts[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "}\n", 2, error) : status;
}

/* Lines are written together, since each write costs. */
#define FLUSH_BYTES ((size_t)1 << 20)

static ndup_status flush(ndup_corpus *corpus, ndup__json_line *lines, ndup_error *error)
{
    ndup_status status = ndup__spool_write(corpus, &corpus->opening, lines->bytes, lines->length,
                                           corpus->spool_length, error);
    corpus->spool_length += lines->length;
    lines->length = 0;
    return status;
}

ndup_status ndup__spool_source(ndup_corpus *corpus, ndup_error *error)
{
    ndup__json_line lines = {.allocator = corpus->allocator};
    ndup_status status = ndup__spool_open(corpus, error);
    bool has_document = true;
    while (status == NDUP_STATUS_OK && has_document) {
        ndup_document document = {0};
        has_document = false;
        status = corpus->source.next(corpus->source.context, &has_document, &document, error);
        if (status == NDUP_STATUS_OK && has_document) {
            status = add_document(&lines, &document, error);
        }
        if (status == NDUP_STATUS_OK && (lines.length >= FLUSH_BYTES || !has_document)) {
            status = flush(corpus, &lines, error);
        }
    }
    ndup__json_line_deinit(&lines);
    return status;
}
