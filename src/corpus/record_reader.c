/* SPDX-License-Identifier: MIT */
/* Records from memory, one at a time: what a corpus makes of a line, a text or a page. */
#include "neardup/record.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "corpus/encoding.h"
#include "corpus/fields.h"
#include "corpus/json_compact.h"
#include "corpus/media_type.h"
#include "corpus/page.h"
#include "corpus/reader.h"
#include "corpus/unread.h"
#include "text/utf8.h"

struct ndup_record_reader {
    const ndup_allocator *allocator;
    ndup_corpus_options options; /* strings copied into `strings` */
    ndup__arena strings;
    ndup__fields fields;
    ndup__encoding encoding;
    ndup__block block;   /* without bytes: its arena, its decoder, its reader of pages */
    uint64_t most_bytes; /* of a record */
};

static ndup_status copy_string(ndup__arena *arena, const char **string, ndup_error *error)
{
    char *copy = NULL;
    if (*string == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__arena_copy(arena, &copy, *string, strlen(*string), error);
    *string = copy;
    return status;
}

static ndup_status copy_fields(ndup_record_reader *reader, ndup_error *error)
{
    ndup_corpus_options *options = &reader->options;
    const char **const names[] = {
        &options->text_field, &options->id_field,    &options->source_field, &options->url_field,
        &options->date_field, &options->title_field, &options->html_field};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && status == NDUP_STATUS_OK; i++) {
        status = copy_string(&reader->strings, names[i], error);
    }
    return status;
}

static ndup_status set_up(ndup_record_reader *reader, ndup_error *error)
{
    ndup_status status = ndup__record_limits(&reader->most_bytes, &reader->block.most,
                                             reader->options.max_record_bytes, error);
    if (status == NDUP_STATUS_OK) {
        status = copy_fields(reader, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__encoding_parse(&reader->encoding, reader->options.encoding, error);
    }
    return status == NDUP_STATUS_OK ? ndup__fields_init(&reader->fields, &reader->options, NULL, 0,
                                                        reader->allocator, error)
                                    : status;
}

ndup_status ndup_record_reader_new(ndup_record_reader **out, const ndup_corpus_options *options,
                                   ndup_error *error)
{
    ndup_record_reader *reader;
    ndup_status status = NDUP__REQUIRE(error, "reader", out);
    if (status == NDUP_STATUS_OK && options != NULL) {
        *out = NULL;
        status = ndup__require_size(options->struct_size, sizeof *options, "corpus options", error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup_allocator *allocator = options != NULL ? options->allocator : NULL;
    status = ndup__allocate_zeroed(allocator, &reader, 1, sizeof *reader, error);
    *out = reader;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    reader->allocator = allocator;
    reader->strings.allocator = allocator;
    reader->options = options != NULL ? *options : (ndup_corpus_options)NDUP_CORPUS_OPTIONS_INIT;
    ndup__block_init(&reader->block, allocator);
    status = set_up(reader, error);
    if (status != NDUP_STATUS_OK) {
        ndup_record_reader_free(reader);
        *out = NULL;
    }
    return status;
}

void ndup_record_reader_free(ndup_record_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    ndup__fields_deinit(&reader->fields);
    ndup__block_deinit(&reader->block);
    ndup__arena_deinit(&reader->strings);
    ndup__free(reader->allocator, &reader, 1, sizeof *reader);
}

void ndup_record_reader_reset(ndup_record_reader *reader)
{
    if (reader != NULL) {
        ndup__block_shrink(&reader->block);
    }
}

/* No bytes may be nowhere; behind this they are somewhere. */
static ndup_status check_record(ndup_document *document, const ndup_record_reader *reader,
                                ndup_text *bytes, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "document", document, "reader", reader);
    if (status == NDUP_STATUS_OK && bytes->length > 0) {
        status = NDUP__REQUIRE(error, "bytes", bytes->bytes);
    }
    if (status == NDUP_STATUS_OK) {
        *document = (ndup_document){.number = 0};
        bytes->bytes = bytes->length > 0 ? bytes->bytes : "";
    }
    if (status == NDUP_STATUS_OK && bytes->length > reader->most_bytes) {
        status = ndup__fail(error, NDUP_STATUS_LIMIT, "a record of %zu bytes, must be at most %llu",
                            bytes->length, (unsigned long long)reader->most_bytes);
    }
    return status;
}

/* Takes back what a failed record has left in the arena. */
static ndup_status end_record(ndup_document *document, ndup_record_reader *reader,
                              ndup__arena_mark before, ndup_status status)
{
    if (status != NDUP_STATUS_OK) {
        *document = (ndup_document){.number = 0};
        ndup__arena_rewind(&reader->block.arena, before);
    }
    return status;
}

static ndup_status read_json(ndup_document *document, ndup_record_reader *reader, ndup_text record,
                             ndup_error *error)
{
    ndup__block *block = &reader->block;
    uint64_t replaced;
    ndup_status status = ndup__fields_read(document, NULL, &replaced, &reader->fields, record.bytes,
                                           record.length, &block->arena, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_compact(&document->record, &block->arena, error);
    }
    if (status == NDUP_STATUS_OK && reader->fields.is_page) {
        const ndup__html_hints hints = {.url = document->url, .is_utf8 = true};
        status = ndup__page_read(document, &replaced, block, document->text, &hints, error);
    }
    return status;
}

ndup_status ndup_record_read_json(ndup_document *document, ndup_record_reader *reader,
                                  ndup_text record, ndup_error *error)
{
    ndup_status status = check_record(document, reader, &record, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t mark = ndup__utf8_mark(record.bytes, record.length);
    ndup_text object = {record.bytes + mark, record.length - mark};
    ndup__arena_mark before = ndup__arena_get_mark(&reader->block.arena);
    return end_record(document, reader, before, read_json(document, reader, object, error));
}

/* The encoding of a text: its mark, then what came with it, then what was set for all. */
static ndup_status find_charset(const ndup__charset **charset, size_t *mark,
                                const ndup_record_reader *reader, ndup_text bytes,
                                ndup_text content_type, ndup_error *error)
{
    if (content_type.length > 0 && reader->options.encoding == NULL) {
        *charset = ndup__charset_detect(mark, bytes.bytes, bytes.length, content_type);
        return NDUP_STATUS_OK;
    }
    return ndup__encoding_find(charset, mark, &reader->encoding, bytes.bytes, bytes.length, error);
}

static ndup_status read_text(ndup_document *document, ndup_record_reader *reader, ndup_text bytes,
                             ndup_text content_type, ndup_error *error)
{
    ndup__block *block = &reader->block;
    const ndup__charset *charset;
    char *copy = NULL;
    size_t mark;
    ndup_status status = find_charset(&charset, &mark, reader, bytes, content_type, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    document->text = (ndup_text){bytes.bytes + mark, bytes.length - mark};
    if (charset == ndup__charset_utf8()) {
        document->original = mark > 0 ? bytes : (ndup_text){NULL, 0};
        return NDUP_STATUS_OK;
    }
    document->original = bytes;
    status = ndup__charset_decode(&document->text, &block->decoder, charset, document->text.bytes,
                                  document->text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&block->arena, &copy, document->text.bytes, document->text.length,
                                  error);
        document->text.bytes = copy;
    }
    return status;
}

ndup_status ndup_record_read_text(ndup_document *document, ndup_record_reader *reader,
                                  ndup_text bytes, ndup_text content_type, ndup_error *error)
{
    ndup_status status = check_record(document, reader, &bytes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__unread_refuse(bytes.bytes, bytes.length, true, error);
    }
    if (status == NDUP_STATUS_OK && ndup__is_binary(bytes.bytes, bytes.length)) {
        status = ndup__unread_fail_binary(error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__arena_mark before = ndup__arena_get_mark(&reader->block.arena);
    return end_record(document, reader, before,
                      read_text(document, reader, bytes, content_type, error));
}

ndup_status ndup_record_read_page(ndup_document *document, ndup_record_reader *reader,
                                  ndup_text page, ndup_text content_type, ndup_text url,
                                  ndup_error *error)
{
    uint64_t replaced = 0;
    ndup_status status = check_record(document, reader, &page, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup__html_hints hints = {.content_type = content_type,
                                    .url = url,
                                    .is_xhtml = ndup__media_of(content_type) == NDUP__MEDIA_XHTML};
    ndup__arena_mark before = ndup__arena_get_mark(&reader->block.arena);
    document->original = page;
    status = ndup__page_read(document, &replaced, &reader->block, page, &hints, error);
    return end_record(document, reader, before, status);
}
