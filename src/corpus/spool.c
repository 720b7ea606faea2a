/* SPDX-License-Identifier: MIT */
/* The temporary copy of what cannot be read twice, and callers' documents written into it as JSON
 * lines. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temporary_file.h"
#include "corpus/corpus_state.h"

/* The copy leaves a tenth of what is free: a full disk, or with many a /tmp full memory, would hurt
 * others. */
#define FREE_PARTS 10

ndup_status ndup__spool_open(ndup_corpus *corpus, ndup_error *error)
{
    uint64_t free_bytes;
    if (corpus->spool >= 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__temporary_file_open(&corpus->spool, corpus->options.temporary_folder, error);
    corpus->spool_most = corpus->options.max_temporary_bytes;
    if (status == NDUP_STATUS_OK && corpus->spool_most == 0) {
        status = ndup__file_get_free(&free_bytes, corpus->spool, "the temporary file", error);
        corpus->spool_most = free_bytes - free_bytes / FREE_PARTS;
    }
    return status;
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

ndup_status ndup__spool_write(const ndup_corpus *corpus, const char *bytes, size_t length,
                              uint64_t offset, ndup_error *error)
{
    ndup_status status = ndup__spool_check(corpus, offset + length, error);
    return status == NDUP_STATUS_OK ? ndup__file_write_at(corpus->spool, bytes, length, offset,
                                                          "the temporary file", error)
                                    : status;
}

ndup_status ndup__spool_block(const ndup_corpus *corpus, ndup__block *block, ndup_error *error)
{
    if (!block->is_new) {
        return NDUP_STATUS_OK;
    }
    block->is_new = false;
    return ndup__spool_write(corpus, block->bytes, block->length,
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
        if (file->spool_length + got > corpus->max_record_bytes) {
            (void)ndup__fail(problem, NDUP_STATUS_LIMIT, "a text of more than %llu bytes",
                             (unsigned long long)corpus->max_record_bytes);
            break;
        }
        status =
            ndup__spool_write(corpus, buffer, got, file->spool_offset + file->spool_length, error);
        file->spool_length += got;
    }
    file->size = file->spool_length;
    corpus->spool_length += file->spool_length;
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
    ndup_status status =
        ndup__spool_write(corpus, lines->bytes, lines->length, corpus->spool_length, error);
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
