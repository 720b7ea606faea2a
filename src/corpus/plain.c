/* SPDX-License-Identifier: MIT */
/* Files that are one document each: reading them whole, and those of plain text. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "codec/codec.h"
#include "corpus/corpus_state.h"
#include "corpus/document_check.h"
#include "corpus/file_type.h"
#include "corpus/subtitles.h"
#include "corpus/unread.h"

/* Most files of one block. */
#define FILES_MAX 64

/* Reserves a run of files whose sizes fit a block; the reading is done by scan, on many threads. */
ndup_status ndup__plain_take(ndup_corpus *corpus, ndup__block *block, bool *more, ndup_error *error)
{
    (void)error;
    uint64_t bytes = 0;
    block->file_count = 0;
    while (corpus->current < corpus->file_count && block->file_count < FILES_MAX) {
        const ndup__corpus_file *file = &corpus->files[corpus->current];
        bool fits = block->file_count == 0 || bytes + file->size <= NDUP__BLOCK_BYTES;
        if (file->format != corpus->files[block->file].format || !fits) {
            break;
        }
        bytes += file->size;
        corpus->stored_before += file->size;
        block->file_count++;
        corpus->current++;
    }
    block->stored = corpus->stored_before;
    *more = block->file_count > 0;
    return NDUP_STATUS_OK;
}

static ndup_status fail_long(const ndup_corpus *corpus, ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_LIMIT, "a file of more than %llu bytes",
                      (unsigned long long)corpus->max_record_bytes);
}

static ndup_status read_whole(const ndup_corpus *corpus, const ndup__corpus_file *file,
                              int descriptor, ndup__block *block, ndup_error *error)
{
    ndup__file_info info;
    ndup_status status = ndup__file_get_descriptor_info(&info, descriptor, file->path, error);
    if (status == NDUP_STATUS_OK && info.size > corpus->max_record_bytes) {
        return ndup__fail(
            error, NDUP_STATUS_LIMIT, "a file of %llu bytes, more than the %llu allowed",
            (unsigned long long)info.size, (unsigned long long)corpus->max_record_bytes);
    }
    size_t capacity = (size_t)info.size + 1; /* one more shows that the file grew */
    if (status == NDUP_STATUS_OK) {
        status = ndup__block_reserve(block, capacity, error);
    }
    block->length = 0;
    size_t got = 1;
    while (status == NDUP_STATUS_OK && got > 0) {
        if (block->length == block->capacity) {
            if (block->length > corpus->max_record_bytes) {
                return fail_long(corpus, error);
            }
            status = ndup__block_reserve(block, 2 * block->capacity, error);
            continue;
        }
        status = ndup__file_read(descriptor, block->bytes + block->length,
                                 block->capacity - block->length, &got, file->path, error);
        block->length += got;
    }
    return status;
}

static ndup_status read_file(const ndup_corpus *corpus, const ndup__corpus_file *file,
                             ndup__block *block, ndup_error *error)
{
    int descriptor;
    ndup_status status = ndup__file_open_read(&descriptor, file->path, error);
    if (status == NDUP_STATUS_OK) {
        status = read_whole(corpus, file, descriptor, block, error);
        ndup__file_close_quietly(descriptor);
    }
    return status;
}

static ndup_status read_compressed(const ndup_corpus *corpus, const ndup__corpus_file *file,
                                   ndup__block *block, ndup_error *error)
{
    ndup__stream *stream;
    size_t got = 1;
    ndup_status status = ndup__corpus_open_stream(&stream, corpus, file->path, error);
    block->length = 0;
    while (status == NDUP_STATUS_OK && got > 0) {
        if (block->length > corpus->max_record_bytes) {
            status = fail_long(corpus, error);
            break;
        }
        status = ndup__block_reserve(block, 2 * block->length + NDUP__HEAD_BYTES, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__stream_read(stream, block->bytes + block->length,
                                       block->capacity - block->length, &got, error);
            block->length += got;
        }
    }
    ndup__stream_close(stream);
    return status;
}

static ndup_status read_spooled(const ndup_corpus *corpus, const ndup__corpus_file *file,
                                ndup__block *block, ndup_error *error)
{
    size_t length = (size_t)file->decoded_length;
    ndup_status status = ndup__block_reserve(block, length, error);
    return status == NDUP_STATUS_OK ? ndup__spool_read(corpus, block, block->bytes, length,
                                                       file->spool_offset, &block->length, error)
                                    : status;
}

/* Reads the document; what nobody has looked at yet is looked at now, and may turn out to be
 * compressed, or no document at all. */
static ndup_status read_document(const ndup_corpus *corpus, const ndup__corpus_file *file,
                                 ndup__block *block, ndup_error *error)
{
    if (file->spooled) {
        return read_spooled(corpus, file, block, error);
    }
    ndup_status status = file->is_compressed ? read_compressed(corpus, file, block, error)
                                             : read_file(corpus, file, block, error);
    if (status != NDUP_STATUS_OK || file->is_told) {
        return status;
    }
    if (ndup__codec_by_magic((const unsigned char *)block->bytes, block->length) != NULL) {
        status = read_compressed(corpus, file, block, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__document_check(&corpus->encoding, block->bytes, block->length, error)
               : status;
}

ndup_status ndup__plain_read(const ndup_corpus *corpus, ndup__block *block, uint32_t number,
                             ndup__item *item, ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[number];
    block->length = 0;
    ndup_status status = read_document(corpus, file, block, error);
    *item = (ndup__item){
        .document = {.id = {file->id, strlen(file->id)},
                     .source = {file->folder, strlen(file->folder)},
                     .text = {block->bytes, block->length},
                     .path = file->path,
                     .relative = file->relative,
                     .other_names = file->other_names,
                     .other_name_count = file->other_name_count,
                     .length = block->length},
        .place = (uint64_t)number << NDUP__PLACE_OFFSET_BITS,
        .stored = {block->bytes, block->length},
    };
    return status;
}

static bool is_in(const ndup__block *block, const char *bytes)
{
    uintptr_t begin = (uintptr_t)block->bytes;
    return (uintptr_t)bytes >= begin && (uintptr_t)bytes <= begin + block->length;
}

/* The file's bytes leave the block with the next file. */
static ndup_status keep_bytes(ndup__block *block, ndup_document *document, ndup_error *error)
{
    char *copy;
    ndup_status status = ndup__arena_copy(&block->arena, &copy, block->bytes, block->length, error);
    if (is_in(block, document->text.bytes)) {
        document->text.bytes = copy + (document->text.bytes - block->bytes);
    }
    if (document->original.bytes == block->bytes) {
        document->original.bytes = copy;
    }
    return status;
}

/* Notes why the file gives no document. neardup's own reports are no loss. */
static ndup_status note_file(ndup__block *block, const ndup__corpus_file *file,
                             const ndup_error *cause, ndup_error *error)
{
    if (ndup__corpus_fault_ends(file, cause)) {
        return ndup__fail_as(error, cause);
    }
    return ndup__is_own_output(block->bytes, block->length)
               ? ndup__block_warn(block, file->path, 0, 0, cause, error)
               : ndup__block_note(block, file->path, 0, 0, (ndup_text){NULL, 0}, cause, error);
}

/* A file that is read more than once is used every time, or never. */
static ndup_status note_use(ndup__corpus_file *file, ndup_status status, ndup_error *cause)
{
    char shown[100];
    if (status == NDUP_STATUS_OK && file->is_unread) {
        return ndup__fail(cause, NDUP_STATUS_CHANGED, "cannot read %s: it could not be read before",
                          ndup__shorten_path(shown, sizeof shown, file->path));
    }
    /* Later passes find it so, and only read: they are many threads. */
    if (status == NDUP_STATUS_OK && !file->is_used) {
        file->is_used = true;
    } else if (!file->is_used && !file->is_unread) {
        file->is_unread = true;
    }
    return status;
}

ndup_status ndup__plain_scan(const ndup_corpus *corpus, ndup__block *block,
                             const ndup__visitor *visitor, ndup__plain_reader *reader,
                             ndup_error *error)
{
    ndup__value extra[NDUP__EXTRA_FIELDS] = {{.kind = NDUP__VALUE_ABSENT}};
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < block->file_count && status == NDUP_STATUS_OK; i++) {
        ndup__item item;
        ndup_error cause = {0};
        if (!visitor->keeps) {
            ndup__arena_reset(&block->arena);
        }
        ndup__corpus_file *file = &corpus->files[block->file + i];
        status = reader(corpus, block, block->file + i, &item, &cause);
        status = note_use(file, status, &cause);
        if (status == NDUP_STATUS_OK && visitor->keeps && block->file_count > 1) {
            status = keep_bytes(block, &item.document, &cause);
        }
        if (status == NDUP_STATUS_OK) {
            item.extra = extra;
            status = visitor->visit(visitor->context, &item, error);
        } else {
            status = note_file(block, file, &cause, error);
        }
    }
    return status;
}

ndup_status ndup__plain_decode(ndup__item *item, const ndup_corpus *corpus, ndup__block *block,
                               ndup_error *error)
{
    ndup_document *document = &item->document;
    ndup_text file = document->text;
    ndup_error said = {0};
    size_t mark;
    const ndup__charset *charset;
    ndup_status status =
        ndup__encoding_find(&charset, &mark, &corpus->encoding, file.bytes, file.length, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool is_utf8 = charset == ndup__charset_utf8();
    if (is_utf8 && mark == 0) {
        return NDUP_STATUS_OK;
    }
    document->original = file;
    document->text = (ndup_text){file.bytes + mark, file.length - mark};
    if (!is_utf8) {
        char *copy = NULL;
        ndup_text *text = &document->text;
        status =
            ndup__charset_decode(text, &block->decoder, charset, text->bytes, text->length, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__arena_copy(&block->arena, &copy, text->bytes, text->length, error);
        }
        text->bytes = copy;
        item->replaced += block->decoder.replaced;
    }
    return status == NDUP_STATUS_OK && ndup__encoding_say(&said, &corpus->encoding, charset, mark)
               ? ndup__block_warn(block, document->path, 0, 0, &said, error)
               : status;
}

/* By the name, or, unless somebody said that it is plain text, by its first lines. */
static bool holds_subtitles(const ndup_corpus *corpus, const ndup__format *format, ndup_text text)
{
    return format == &ndup__format_subtitles ||
           (corpus->options.format == NULL && ndup__subtitles_begin(text.bytes, text.length));
}

static ndup_status read_text(const ndup_corpus *corpus, ndup__block *block, uint32_t number,
                             ndup__item *item, ndup_error *error)
{
    const ndup__format *format = corpus->files[number].format;
    ndup_document *document = &item->document;
    ndup_status status = ndup__plain_read(corpus, block, number, item, error);
    ndup_text file = document->text;
    if (status == NDUP_STATUS_OK) {
        status = ndup__plain_decode(item, corpus, block, error);
    }
    if (status != NDUP_STATUS_OK || !holds_subtitles(corpus, format, document->text)) {
        return status;
    }
    document->original = file;
    return ndup__subtitles_extract(&document->text, block, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    return ndup__plain_scan(corpus, block, visitor, read_text, error);
}

static const char *const suffixes[] = {".txt", ".md", NULL};
static const char *const subtitle_suffixes[] = {".srt", ".vtt", NULL};

const ndup__format ndup__format_plain = {
    .name = "text",
    .suffixes = suffixes,
    .is_text = true,
    .take = ndup__plain_take,
    .scan = scan,
};

/* A document of the lines that are shown. */
const ndup__format ndup__format_subtitles = {
    .name = "subtitles",
    .suffixes = subtitle_suffixes,
    .recognises = ndup__subtitles_begin,
    .take = ndup__plain_take,
    .scan = scan,
};
