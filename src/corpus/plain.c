/* SPDX-License-Identifier: MIT */
/* Files that are one document each: reading them whole, and those of plain text. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

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
                return ndup__fail(error, NDUP_STATUS_LIMIT, "a file of more than %llu bytes",
                                  (unsigned long long)corpus->max_record_bytes);
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
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = read_whole(corpus, file, descriptor, block, error);
    ndup__file_close_quietly(descriptor);
    return status;
}

/* A member of an archive. */
static ndup_status read_spooled(const ndup_corpus *corpus, const ndup__corpus_file *file,
                                ndup__block *block, ndup_error *error)
{
    ndup_status status = ndup__block_reserve(block, (size_t)file->spool_length, error);
    block->length = 0;
    return status == NDUP_STATUS_OK
               ? ndup__file_read_at(corpus->spool, block->bytes, (size_t)file->spool_length,
                                    file->spool_offset, &block->length, "the temporary file", error)
               : status;
}

ndup_status ndup__plain_read(const ndup_corpus *corpus, ndup__block *block, uint32_t number,
                             ndup__item *item, ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[number];
    ndup_status status = file->spooled ? read_spooled(corpus, file, block, error)
                                       : read_file(corpus, file, block, error);
    *item = (ndup__item){
        .document = {.id = {file->id, strlen(file->id)},
                     .source = {file->folder, strlen(file->folder)},
                     .text = {block->bytes, block->length},
                     .path = file->path,
                     .relative = file->relative,
                     .length = block->length},
        .place = (uint64_t)number << NDUP__PLACE_OFFSET_BITS,
    };
    return status;
}

/* The file's bytes leave the block with the next file. */
static ndup_status keep_bytes(ndup__block *block, ndup_document *document, ndup_error *error)
{
    char *copy;
    ndup_status status = ndup__arena_copy(&block->arena, &copy, block->bytes, block->length, error);
    if (document->text.bytes == block->bytes) {
        document->text.bytes = copy;
    }
    if (document->original.bytes == block->bytes) {
        document->original.bytes = copy;
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
        status = reader(corpus, block, block->file + i, &item, &cause);
        if (status == NDUP_STATUS_OK && visitor->keeps) {
            status = keep_bytes(block, &item.document, &cause);
        }
        if (status == NDUP_STATUS_OK) {
            item.extra = extra;
            status = visitor->visit(visitor->context, &item, error);
        } else if (status == NDUP_STATUS_MEMORY) {
            status = ndup__fail(error, status, "%s", cause.message);
        } else {
            status = ndup__block_note(block, corpus->files[block->file + i].path, 0, 0,
                                      (ndup_text){NULL, 0}, &cause, error);
        }
    }
    return status;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    return ndup__plain_scan(corpus, block, visitor, ndup__plain_read, error);
}

static const char *const suffixes[] = {".txt", ".md", NULL};

const ndup__format ndup__format_plain = {
    .name = "text",
    .suffixes = suffixes,
    .take = ndup__plain_take,
    .scan = scan,
};
