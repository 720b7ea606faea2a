/* SPDX-License-Identifier: MIT */
/* Files that are passed over are read as far as their documents need it when they are fetched: to
 * their first records, which tell columns and layouts; to their end, where they are copied. */
#include "corpus/seek.h"

#include <string.h>

#include "base/alloc.h"
#include "corpus/corpus_state.h"

ndup__passed_file ndup__corpus_passed(const ndup_corpus *corpus, uint32_t number)
{
    const ndup__corpus_file *file = &corpus->files[number];
    return (ndup__passed_file){.decoded_length = file->decoded_length,
                               .flags = (file->is_used ? NDUP__FILE_USED : 0) |
                                        (file->is_unread ? NDUP__FILE_UNREAD : 0) |
                                        (file->read_once ? NDUP__FILE_DONE : 0)};
}

/* Of an archive, which was copied when the corpus was opened. */
static bool is_member(const ndup__corpus_file *file)
{
    return file->spooled && file->read_once;
}

bool ndup__corpus_is_lasting(const char **name, const ndup_corpus *corpus)
{
    *name = "memory";
    bool is_lasting = corpus->rows == NULL && corpus->source.next == NULL;
    for (size_t i = 0; i < corpus->file_count && is_lasting; i++) {
        const ndup__corpus_file *file = &corpus->files[i];
        ndup__file_info info;
        *name = strcmp(file->path, "-") == 0 ? "standard input" : file->path;
        is_lasting =
            is_member(file) || (strcmp(file->path, "-") != 0 &&
                                ndup__file_get_info(&info, file->path, NULL) == NDUP_STATUS_OK &&
                                info.kind == NDUP__FILE_REGULAR);
    }
    return is_lasting;
}

/* The next block of the current file, which is not scanned. *more is false at the file's end. */
static ndup_status pass_block(ndup_corpus *corpus, ndup__block *block, bool *more,
                              ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[corpus->current];
    block->note_count = 0;
    block->length = 0;
    block->is_new = false;
    block->file = (uint32_t)corpus->current;
    *more = true;
    ndup_status status = file->format->take(corpus, block, more, error);
    return status == NDUP_STATUS_OK ? ndup__spool_block(corpus, block, error) : status;
}

static ndup_status pass_file(ndup_corpus *corpus, ndup__block *block,
                             const ndup__passed_file *passed, ndup_error *error)
{
    ndup__corpus_file *file = &corpus->files[corpus->current];
    bool is_unread = (passed->flags & NDUP__FILE_UNREAD) != 0;
    bool more = file->format->streams && !is_unread;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && more) {
        status = pass_block(corpus, block, &more, error);
        more = more && file->spooled && !file->read_once;
    }
    file->is_used = (passed->flags & NDUP__FILE_USED) != 0;
    file->is_unread = is_unread;
    if (file->is_passing) {
        file->points.count = 0; /* only those of its beginning were met */
        file->decoded_length = passed->decoded_length;
        file->read_once = (passed->flags & NDUP__FILE_DONE) != 0;
    }
    corpus->stored_before += file->size;
    ndup__stream_end(corpus);
    corpus->current++;
    return status;
}

/* Where the next block would begin. */
static uint64_t standing(const ndup_corpus *corpus)
{
    return corpus->stream.offset - corpus->stream.carry_length;
}

/* What is read by its descriptor is read on anywhere. */
static void jump(ndup_corpus *corpus, uint64_t offset)
{
    ndup__stream_state *state = &corpus->stream;
    const ndup__corpus_file *file = &corpus->files[corpus->current];
    if (file->descriptor >= 0 && !state->ended && offset <= file->size) {
        state->offset = state->stored = offset;
        state->carry_length = 0;
        state->skipping = state->ended = false;
    }
}

/* Puts what the block has behind the place in front of what is carried. */
static ndup_status go_back(ndup_corpus *corpus, const ndup__block *block, uint64_t offset,
                           ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    size_t tail = (size_t)(block->offset + block->length - offset);
    ndup_status status = ndup__reserve(corpus->allocator, &state->carry, &state->carry_capacity,
                                       state->carry_length + tail, 1, error);
    if (status == NDUP_STATUS_OK) {
        memmove(state->carry + tail, state->carry, state->carry_length);
        memcpy(state->carry, block->bytes + block->length - tail, tail);
        state->carry_length += tail;
    }
    return status;
}

static ndup_status pass_to(ndup_corpus *corpus, ndup__block *block, uint64_t offset,
                           ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[corpus->current];
    ndup_status status = NDUP_STATUS_OK;
    bool more = true;
    while (status == NDUP_STATUS_OK && more && standing(corpus) < offset) {
        status = pass_block(corpus, block, &more, error);
        if (status == NDUP_STATUS_OK && block->offset + block->length < offset) {
            jump(corpus, offset);
        }
    }
    if (status != NDUP_STATUS_OK || standing(corpus) == offset) {
        return status;
    }
    bool is_in_block = block->offset <= offset && offset <= block->offset + block->length &&
                       standing(corpus) == block->offset + block->length;
    return is_in_block ? go_back(corpus, block, offset, error)
                       : ndup__corpus_fail_changed(file, offset, error);
}

ndup_status ndup__corpus_seek(ndup_corpus *corpus, ndup__place place,
                              const ndup__passed_file *passed, ndup_error *error)
{
    ndup__block block;
    ndup__block_init(&block, corpus->allocator);
    ndup_status status = ndup__corpus_rewind(corpus, error);
    while (status == NDUP_STATUS_OK && corpus->current < NDUP__PLACE_FILE(place)) {
        status = pass_file(corpus, &block, &passed[corpus->current], error);
    }
    if (status == NDUP_STATUS_OK && NDUP__PLACE_OFFSET(place) > 0) {
        status = pass_to(corpus, &block, NDUP__PLACE_OFFSET(place), error);
    }
    ndup__block_deinit(&block);
    return status;
}
