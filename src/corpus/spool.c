/* SPDX-License-Identifier: MIT */
/* The temporary copy of what cannot be read twice, and callers' documents written into it as JSON
 * lines. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

static const char *spool_folder(const ndup_corpus *corpus)
{
    if (corpus->options.temporary_folder != NULL) {
        return corpus->options.temporary_folder;
    }
    const char *given = getenv("TMPDIR");
    return given != NULL && given[0] != '\0' ? given : "/tmp";
}

ndup_status ndup__spool_append(ndup_corpus *corpus, const char *bytes, size_t length,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (corpus->spool < 0) {
        status = ndup__file_create_temporary(&corpus->spool, spool_folder(corpus), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_write_all(corpus->spool, bytes, length, "the temporary file", error);
    }
    corpus->spool_length += status == NDUP_STATUS_OK ? length : 0;
    return status;
}

/* A line being written, flushed into the spool when it is large. */
typedef struct line_buffer {
    ndup_corpus *corpus;
    char *bytes;
    size_t length;
    size_t capacity;
} line_buffer;

#define FLUSH_BYTES ((size_t)1 << 20)

static ndup_status add_part(line_buffer *line, const char *key, ndup_text value, ndup_error *error)
{
    size_t key_length = strlen(key);
    size_t wanted = line->length + key_length + 6 * value.length + 8;
    ndup_status status =
        ndup__reserve(line->corpus->allocator, &line->bytes, &line->capacity, wanted, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *at = line->bytes + line->length;
    *at++ = line->bytes[line->length - 1] == '{' ? ' ' : ',';
    *at++ = '"';
    memcpy(at, key, key_length);
    at += key_length;
    memcpy(at, "\":\"", 3);
    at += 3;
    at += ndup__json_escape(at, value.bytes, value.length);
    *at++ = '"';
    line->length = (size_t)(at - line->bytes);
    return NDUP_STATUS_OK;
}

static ndup_status add_bytes(line_buffer *line, const char *bytes, size_t length, ndup_error *error)
{
    ndup_status status = ndup__reserve(line->corpus->allocator, &line->bytes, &line->capacity,
                                       line->length + length, 1, error);
    if (status == NDUP_STATUS_OK && length > 0) {
        memcpy(line->bytes + line->length, bytes, length);
        line->length += length;
    }
    return status;
}

/* A caller's record goes in as it is; otherwise one is made of the parts. */
static ndup_status add_document(line_buffer *line, const ndup_document *document, ndup_error *error)
{
    if (document->record.length > 0) {
        if (memchr(document->record.bytes, '\n', document->record.length) != NULL) {
            return ndup__fail(error, NDUP_STATUS_INVALID, "a record with a line end inside");
        }
        ndup_status status =
            add_bytes(line, document->record.bytes, document->record.length, error);
        return status == NDUP_STATUS_OK ? add_bytes(line, "\n", 1, error) : status;
    }
    ndup_status status = add_bytes(line, "{", 1, error);
    const struct {
        const char *key;
        ndup_text value;
    } parts[] = {{"id", document->id},     {"source", document->source}, {"url", document->url},
                 {"date", document->date}, {"title", document->title},   {"text", document->text}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == NDUP_STATUS_OK; i++) {
        if (parts[i].value.length > 0 || strcmp(parts[i].key, "text") == 0) {
            status = add_part(line, parts[i].key, parts[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? add_bytes(line, "}\n", 2, error) : status;
}

static ndup_status flush(line_buffer *line, ndup_error *error)
{
    ndup_status status = ndup__spool_append(line->corpus, line->bytes, line->length, error);
    line->length = 0;
    return status;
}

ndup_status ndup__spool_source(ndup_corpus *corpus, ndup_error *error)
{
    line_buffer line = {.corpus = corpus};
    ndup_status status = NDUP_STATUS_OK;
    bool has_document = true;
    while (status == NDUP_STATUS_OK && has_document) {
        ndup_document document = {0};
        has_document = false;
        status = corpus->source.next(corpus->source.context, &has_document, &document, error);
        if (status == NDUP_STATUS_OK && has_document) {
            status = add_document(&line, &document, error);
        }
        if (status == NDUP_STATUS_OK && (line.length >= FLUSH_BYTES || !has_document)) {
            status = flush(&line, error);
        }
    }
    ndup__free(corpus->allocator, &line.bytes, line.capacity, 1);
    return status;
}
