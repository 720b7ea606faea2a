/* SPDX-License-Identifier: MIT */
/* Files of many records: cutting streams of bytes into blocks of whole records. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"
#include "corpus/row_lines.h"

/* A larger carry is given back. */
#define CARRY_KEPT (4 * NDUP__BLOCK_BYTES)

void ndup__stream_end(ndup_corpus *corpus)
{
    ndup__stream_state *state = &corpus->stream;
    ndup__transcoder_close(state->transcoder);
    ndup__stream_close(state->stream);
    ndup__row_lines_close(state->lines);
    if (corpus->current < corpus->file_count && corpus->open_files > NDUP__OPEN_FILES) {
        ndup__corpus_close_file(corpus, &corpus->files[corpus->current]);
    }
    char *carry = state->carry;
    size_t capacity = state->carry_capacity;
    *state = (ndup__stream_state){.carry = carry, .carry_capacity = capacity};
}

/* Opens the file's stream, or takes the one that was opened to look into it. */
static ndup_status open_stream(ndup_corpus *corpus, ndup__corpus_file *file, ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    if (file->stream == NULL) {
        return ndup__corpus_open_stream(&state->stream, corpus, file->path, error);
    }
    state->stream = file->stream;
    file->stream = NULL;
    return NDUP_STATUS_OK;
}

/* Whether everything that is to be said of the file has been said in an earlier pass. */
static bool was_read(const ndup__corpus_file *file)
{
    return file->is_passing && file->read_once;
}

/* Puts a transcoder behind the stream of a format that is text. */
static ndup_status open_transcoder(bool *is_utf8, ndup_corpus *corpus,
                                   const ndup__corpus_file *file, ndup__block *block,
                                   ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    ndup_error said = {0};
    size_t mark;
    *is_utf8 = true;
    if (!file->format->is_text) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__transcoder_open(&state->transcoder, state->stream, &corpus->encoding,
                                               corpus->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup__charset *charset = ndup__transcoder_charset(state->transcoder, &mark);
    *is_utf8 = charset == ndup__charset_utf8();
    return ndup__encoding_say(&said, &corpus->encoding, charset, mark) && !was_read(file)
               ? ndup__block_warn(block, file->path, 0, 0, &said, error)
               : NDUP_STATUS_OK;
}

static void close_streams(ndup__stream_state *state)
{
    ndup__transcoder_close(state->transcoder);
    ndup__stream_close(state->stream);
    state->transcoder = NULL;
    state->stream = NULL;
}

static void begin_copy(const ndup_corpus *corpus, ndup__corpus_file *file)
{
    file->spooled = true;
    file->spool_offset = corpus->spool_length;
}

/* Whether the file is not copied, but read once more in every pass. */
static bool can_pass_again(const ndup_corpus *corpus, const ndup__file_info *info)
{
    return !corpus->keeps_copy && info->kind == NDUP__FILE_REGULAR;
}

/* Of a file that will be read again, and for the first time now, it is noted where decoding can
 * begin. */
static void note_points(const ndup_corpus *corpus, ndup__corpus_file *file,
                        const ndup__file_info *info)
{
    if (can_pass_again(corpus, info) && !file->read_once) {
        file->points.count = 0;
        file->points.allocator = corpus->allocator;
        ndup__stream_note_points(corpus->stream.stream, &file->points);
    }
}

/* Offsets of what is recoded are not those of the stream. */
static void drop_points(const ndup_corpus *corpus, ndup__corpus_file *file)
{
    const ndup__transcoder *transcoder = corpus->stream.transcoder;
    size_t mark;
    if (transcoder != NULL && ndup__transcoder_charset(transcoder, &mark) != ndup__charset_utf8()) {
        file->points.count = 0;
    }
}

static ndup_status open_row_lines(ndup_corpus *corpus, ndup__corpus_file *file, ndup_error *error)
{
    file->layout = NDUP__JSON_LINES;
    begin_copy(corpus, file);
    return ndup__row_lines_open(&corpus->stream.lines, corpus, file->path, error);
}

/* A plain file on disk in UTF-8 needs no stream: its descriptor is read straight into the block,
 * and stays open for fetching. Other files are decoded in every pass, and what can be read only
 * once is spooled. */
static ndup_status open_file(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                             ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    bool is_utf8;
    if (file->format->is_foreign) {
        return open_row_lines(corpus, file, error);
    }
    ndup_status status = open_stream(corpus, file, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool is_plain = strcmp(ndup__stream_format(state->stream), "plain") == 0;
    ndup__file_info info = {.kind = NDUP__FILE_SPECIAL};
    if (strcmp(file->path, "-") != 0) {
        status = ndup__file_get_info(&info, file->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        note_points(corpus, file, &info);
        status = ndup__stream_read_ahead(state->stream, corpus->ahead, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_transcoder(&is_utf8, corpus, file, block, error);
    }
    if (status == NDUP_STATUS_OK && is_plain && is_utf8 && info.kind == NDUP__FILE_REGULAR) {
        close_streams(state);
        corpus->open_files++;
        return ndup__file_open_read(&file->descriptor, file->path, error);
    }
    if (status == NDUP_STATUS_OK && can_pass_again(corpus, &info)) {
        return ndup__corpus_know_file(file, &info, error);
    }
    begin_copy(corpus, file);
    return status;
}

/* Reads on where the current file stands: from the spool, the descriptor or the stream. */
static ndup_status read_some(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                             char *buffer, size_t capacity, size_t *got, ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    if (file->spooled && file->read_once) {
        uint64_t left = file->decoded_length - state->offset;
        size_t wanted = left < capacity ? (size_t)left : capacity;
        return ndup__spool_read(corpus, block, buffer, wanted, file->spool_offset + state->offset,
                                got, error);
    }
    if (state->lines != NULL) {
        return ndup__row_lines_read(state->lines, buffer, capacity, got, error);
    }
    if (state->stream == NULL) {
        state->stored = state->offset;
        return ndup__file_read_at(file->descriptor, buffer, capacity, state->offset, got,
                                  file->path, error);
    }
    ndup_status status =
        state->transcoder != NULL
            ? ndup__transcoder_read(state->transcoder, buffer, capacity, got, error)
            : ndup__stream_read(state->stream, buffer, capacity, got, error);
    state->stored = ndup__stream_position(state->stream);
    return status;
}

/* What did not belong to the encoding of the file, once it has been read. */
static ndup_status note_replaced(const ndup_corpus *corpus, const ndup__corpus_file *file,
                                 ndup__block *block, ndup_error *error)
{
    const ndup__transcoder *transcoder = corpus->stream.transcoder;
    uint64_t replaced = transcoder != NULL ? ndup__transcoder_replaced(transcoder) : 0;
    ndup_error cause = {0};
    size_t mark;
    if (replaced == 0 || was_read(file)) {
        return NDUP_STATUS_OK;
    }
    (void)ndup__fail(&cause, NDUP_STATUS_CORRUPT,
                     "%llu sequences that are not %s, read with U+FFFD in their place",
                     (unsigned long long)replaced,
                     ndup__transcoder_charset(transcoder, &mark)->name);
    return ndup__block_warn(block, file->path, 0, 0, &cause, error);
}

/* Nothing of the file has been handed out, and nothing is. */
static ndup_status leave_out(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                             const ndup_error *cause, ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    file->is_unread |= cause->status == NDUP_STATUS_IO || cause->status == NDUP_STATUS_NOT_FOUND;
    block->length = 0;
    state->offset = 0;
    state->ended = true;
    return ndup__block_note(block, file->path, 0, 0, (ndup_text){NULL, 0}, cause, error);
}

/* A file that is read again ends, also in damage, where it ended before. */
static ndup_status check_length(const ndup__stream_state *state, const ndup__corpus_file *file,
                                ndup_error *error)
{
    bool is_same = state->ended ? state->offset == file->decoded_length
                                : state->offset <= file->decoded_length;
    return is_same ? NDUP_STATUS_OK : ndup__corpus_fail_changed(file, state->offset, error);
}

/* Fills the block. Damage ends the file: it is noted, and what came before it counts. */
static ndup_status fill(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                        ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    while (block->length < block->capacity && !state->ended) {
        size_t got = 0;
        ndup_error cause = {0};
        ndup_status status = read_some(corpus, file, block, block->bytes + block->length,
                                       block->capacity - block->length, &got, &cause);
        if (status != NDUP_STATUS_OK && ndup__corpus_fault_ends(file, &cause)) {
            return ndup__fail_as(error, &cause);
        }
        if (status == NDUP_STATUS_IO) {
            return leave_out(corpus, file, block, &cause, error);
        }
        block->length += got;
        state->offset += got;
        state->ended = status != NDUP_STATUS_OK || got == 0;
        if (was_read(file)) {
            status = check_length(state, file, error);
        } else if (status != NDUP_STATUS_OK) {
            status = ndup__block_note(block, file->path, 0, cause.byte, (ndup_text){NULL, 0},
                                      &cause, error);
        }
        if (status == NDUP_STATUS_OK && state->ended) {
            status = note_replaced(corpus, file, block, error);
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    return NDUP_STATUS_OK;
}

/* Moves what stands behind the first `whole` bytes from the block to the carry. */
static ndup_status carry_tail(ndup_corpus *corpus, ndup__block *block, size_t whole,
                              ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    size_t tail = block->length - whole;
    ndup_status status =
        ndup__reserve(corpus->allocator, &state->carry, &state->carry_capacity, tail, 1, error);
    if (status == NDUP_STATUS_OK) {
        if (tail > 0) {
            memcpy(state->carry, block->bytes + whole, tail);
        }
        state->carry_length = tail;
        block->length = whole;
    }
    return status;
}

/* Bytes that nobody scans are counted and written here, so that the spool reads like the file. */
static ndup_status drop(const ndup_corpus *corpus, ndup__block *block, ndup_error *error)
{
    const char *end = block->bytes + block->length;
    const char *at = memchr(block->bytes, '\n', block->length);
    for (; at != NULL; at = memchr(at + 1, '\n', (size_t)(end - at - 1))) {
        block->lines++;
    }
    ndup_status status = ndup__spool_block(corpus, block, error);
    block->length = 0;
    return status;
}

/* Reads over a record that was given up, a block at a time, up to where the next one begins. */
static ndup_status skip_record(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                               ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    ndup_status status = fill(corpus, file, block, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t next;
    state->skipping = !file->format->find_next(&next, file, block->bytes, block->length);
    if (state->skipping && state->ended) {
        next = block->length;
    }
    status = carry_tail(corpus, block, next, error);
    return status == NDUP_STATUS_OK ? drop(corpus, block, error) : status;
}

static ndup_status give_up(ndup_corpus *corpus, const ndup__corpus_file *file, ndup__block *block,
                           ndup_error *error)
{
    uint64_t line = file->format->has_lines ? 1 : 0;
    ndup_status status = ndup__note_too_long(corpus, block, line, block->offset, error);
    corpus->stream.skipping = true;
    if (status == NDUP_STATUS_OK) {
        status = drop(corpus, block, error);
    }
    ndup__block_shrink(block); /* the next thread may meet another one */
    return status;
}

/* Makes room for a longer record, but for no more than shows that it is too long. */
static ndup_status make_room(const ndup_corpus *corpus, ndup__block *block, size_t wanted,
                             ndup_error *error)
{
    size_t enough = (size_t)corpus->max_record_bytes + 1;
    return ndup__block_reserve(block, wanted < enough ? wanted : enough, error);
}

/* Most bytes read at once behind the beginning of a long record: what is not of it has to be
 * carried. */
#define STEP_MOST ((size_t)16 << 20)

static size_t grown(const ndup__block *block)
{
    return block->capacity + (block->capacity < STEP_MOST ? block->capacity : STEP_MOST);
}

/* Grows the block until it holds a whole record, or until the record is known to be too long. */
static ndup_status take_records(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                                ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    for (;;) {
        ndup__cut cut = {.offset = block->offset};
        ndup_status status = fill(corpus, file, block, error);
        if (status == NDUP_STATUS_OK) {
            status = file->format->cut(&cut, corpus, file, block->bytes, block->length,
                                       state->ended, error);
        }
        if (status != NDUP_STATUS_OK || state->ended) {
            return status;
        }
        if (cut.whole > 0) {
            state->skipping = cut.skip;
            return carry_tail(corpus, block, cut.whole, error);
        }
        if (block->length > corpus->max_record_bytes) {
            return give_up(corpus, file, block, error);
        }
        status = make_room(corpus, block, grown(block), error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
}

static ndup_status start_file(ndup_corpus *corpus, ndup__corpus_file *file, ndup__block *block,
                              ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    ndup_error cause = {0};
    char shown[100];
    if (state->started) {
        return NDUP_STATUS_OK;
    }
    state->started = true;
    if ((file->spooled && file->read_once) || file->descriptor >= 0) {
        return NDUP_STATUS_OK;
    }
    file->spooled = false;
    ndup_status status = open_file(corpus, file, block, &cause);
    if (status == NDUP_STATUS_OK && file->is_unread) { /* in the other passes neither */
        status = ndup__fail(&cause, NDUP_STATUS_IO, "cannot read %s: it could not be read before",
                            ndup__shorten_path(shown, sizeof shown, file->path));
    }
    if (status == NDUP_STATUS_OK) {
        return file->spooled ? ndup__spool_open(corpus, error) : NDUP_STATUS_OK;
    }
    bool has_changed = was_read(file) && file->decoded_length > 0;
    return has_changed || ndup__corpus_fault_ends(file, &cause)
               ? ndup__fail_as(error, &cause)
               : leave_out(corpus, file, block, &cause, error);
}

/* The file is at its end: how long it is, decoded, is known, and what was spooled of it complete.
 */
static void finish_file(ndup_corpus *corpus, ndup__corpus_file *file)
{
    if ((file->spooled || file->is_passing) && !file->read_once) {
        file->decoded_length = corpus->stream.offset;
        file->read_once = true;
        drop_points(corpus, file);
        corpus->spool_length += file->spooled ? file->decoded_length : 0;
    }
}

ndup_status ndup__stream_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                              ndup_error *error)
{
    ndup__stream_state *state = &corpus->stream;
    ndup__corpus_file *file = &corpus->files[corpus->current];
    ndup__block_shrink(block);
    ndup_status status = ndup__block_reserve(block, NDUP__BLOCK_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        status = start_file(corpus, file, block, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (state->ended && state->carry_length == 0) {
        finish_file(corpus, file);
        *more = block->note_count > 0;
        return NDUP_STATUS_OK;
    }
    status = make_room(corpus, block, state->carry_length + NDUP__BLOCK_BYTES, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    block->is_new = file->spooled && !file->read_once;
    block->is_passing = file->is_passing;
    block->offset = state->offset - state->carry_length;
    if (state->carry_length > 0) {
        memcpy(block->bytes, state->carry, state->carry_length);
    }
    block->length = state->carry_length;
    state->carry_length = 0;
    if (state->carry_capacity > CARRY_KEPT) {
        ndup__free(corpus->allocator, &state->carry, state->carry_capacity, 1);
        state->carry_capacity = 0;
    }
    status = state->skipping ? skip_record(corpus, file, block, error)
                             : take_records(corpus, file, block, error);
    block->stored = corpus->stored_before + state->stored;
    file->is_used |= status == NDUP_STATUS_OK && block->length > 0;
    return status;
}
