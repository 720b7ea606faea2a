/* SPDX-License-Identifier: MIT */
/* Blocks, their notes, and counting lines over them. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/corpus_state.h"
#include "corpus/packed_copy.h"
#include "corpus/reader.h"
#include "html/html.h"

/* Larger rooms for decoded bodies are given back. */
#define ROOM_MOST ((size_t)1 << 20)
/* Blocks over this size were for one record. */
#define SHRUNK_BYTES (4 * NDUP__BLOCK_BYTES)
#define RECORD_BYTES_USUAL ((uint64_t)256 << 20)
/* Small records are read whatever memory they take, which is a few times their size. */
#define WORKING_BYTES_LEAST ((uint64_t)8 << 20)

ndup_status ndup__record_limits(uint64_t *record_bytes, size_t *working_bytes, uint64_t asked,
                                ndup_error *error)
{
    uint64_t most = asked > 0 ? asked : RECORD_BYTES_USUAL;
    *record_bytes = most;
    *working_bytes = (size_t)(most > WORKING_BYTES_LEAST ? most : WORKING_BYTES_LEAST);
    return most <= NDUP__RECORD_BYTES_MOST
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "largest record %llu bytes, must be at most %llu",
                            (unsigned long long)most, (unsigned long long)NDUP__RECORD_BYTES_MOST);
}

void ndup__block_init(ndup__block *block, const ndup_allocator *allocator)
{
    *block = (ndup__block){.allocator = allocator,
                           .most = SIZE_MAX,
                           .arena = {.allocator = allocator},
                           .json = {.allocator = allocator},
                           .rooms = {{.allocator = allocator}, {.allocator = allocator}},
                           .decoder = {.allocator = allocator}};
}

void ndup__corpus_begin_one(ndup__block *block, ndup__place place)
{
    block->note_count = 0;
    block->length = 0;
    block->lines = 0;
    block->offset = NDUP__PLACE_OFFSET(place);
    block->is_new = false;
    block->rows = 1;
    block->file = NDUP__PLACE_FILE(place);
    block->file_count = 1;
    ndup__arena_reset(&block->arena);
}

static size_t padded(size_t capacity)
{
    return capacity + NDUP__BLOCK_PADDING;
}

void ndup__block_deinit(ndup__block *block)
{
    if (block->bytes != NULL) {
        ndup__free(block->allocator, &block->bytes, padded(block->capacity), 1);
    }
    ndup__free(block->allocator, &block->notes, block->note_capacity, sizeof *block->notes);
    ndup__arena_deinit(&block->arena);
    ndup__json_line_deinit(&block->json);
    ndup__json_line_deinit(&block->rooms[0]);
    ndup__json_line_deinit(&block->rooms[1]);
    ndup__charset_decoder_deinit(&block->decoder);
    ndup__html_free(block->html);
    ndup__frame_room_free(block->frames);
}

ndup_status ndup__block_reserve(ndup__block *block, size_t capacity, ndup_error *error)
{
    if (block->bytes != NULL && capacity <= block->capacity) {
        return NDUP_STATUS_OK;
    }
    size_t old = block->bytes != NULL ? padded(block->capacity) : 0;
    ndup_status status =
        ndup__resize(block->allocator, &block->bytes, old, padded(capacity), 1, error);
    if (status == NDUP_STATUS_OK) {
        block->capacity = capacity;
        memset(block->bytes + capacity, 0, NDUP__BLOCK_PADDING);
    }
    return status;
}

ndup_status ndup__block_note(ndup__block *block, const char *path, uint64_t line, uint64_t offset,
                             ndup_text record, const ndup_error *cause, ndup_error *error)
{
    ndup_status status = ndup__reserve(block->allocator, &block->notes, &block->note_capacity,
                                       block->note_count + 1, sizeof *block->notes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__note *note = &block->notes[block->note_count++];
    *note = (ndup__note){.status = cause->status,
                         .skipped = true,
                         .path = path,
                         .line = line,
                         .offset = offset,
                         .record = record};
    memcpy(note->message, cause->message, sizeof note->message);
    return NDUP_STATUS_OK;
}

ndup_status ndup__block_warn(ndup__block *block, const char *path, uint64_t line, uint64_t offset,
                             const ndup_error *cause, ndup_error *error)
{
    ndup_status status =
        ndup__block_note(block, path, line, offset, (ndup_text){NULL, 0}, cause, error);
    if (status == NDUP_STATUS_OK) {
        block->notes[block->note_count - 1].skipped = false;
    }
    return status;
}

uint64_t ndup__block_skipped(const ndup__block *block)
{
    uint64_t count = 0;
    for (size_t i = 0; i < block->note_count; i++) {
        count += block->notes[i].skipped;
    }
    return count;
}

uint64_t ndup__line_counter_add(ndup__line_counter *counter, const ndup__block *block)
{
    if (counter->file != block->file) {
        *counter = (ndup__line_counter){.file = block->file};
    }
    uint64_t before = counter->lines;
    counter->lines += block->lines;
    return before;
}

static void report_note(const ndup__note *note, uint64_t base, const ndup_hooks *hooks)
{
    ndup_problem problem = {
        .status = note->status,
        .skipped = note->skipped,
        .path = note->path,
        .line = note->line == 0 ? 0 : base + note->line,
        .offset = note->offset,
        .message = note->message,
    };
    hooks->problem(hooks->context, &problem);
}

void ndup__block_report(const ndup__block *block, uint64_t base, const ndup_hooks *hooks)
{
    for (size_t i = 0; hooks != NULL && hooks->problem != NULL && i < block->note_count; i++) {
        report_note(&block->notes[i], base, hooks);
    }
}

ndup__kept ndup__block_keep(ndup__block *block, const ndup__item *item)
{
    ndup__kept kept = {.document = item->document, .place = item->place};
    kept.is_left = block->json_is_lent || block->arena.taken + block->length > NDUP__KEPT_MOST;
    block->json_is_lent = false;
    if (kept.is_left) {
        kept.document = (ndup_document){.line = item->document.line,
                                        .length = item->document.length,
                                        .text = {NULL, item->document.text.length}};
        ndup__arena_rewind(&block->arena, block->kept);
    }
    block->kept = ndup__arena_get_mark(&block->arena);
    block->kept_count += !kept.is_left;
    return kept;
}

void ndup__block_leave(ndup__block *block)
{
    bool has_record = false;
    for (size_t i = 0; i < block->note_count; i++) {
        has_record = has_record || block->notes[i].record.length > 0;
    }
    if (block->kept_count == 0 && !has_record && !block->is_passing) {
        ndup__block_shrink(block);
    }
}

void ndup__block_shrink(ndup__block *block)
{
    if (block->capacity > SHRUNK_BYTES) {
        ndup__free(block->allocator, &block->bytes, padded(block->capacity), 1);
        block->capacity = 0;
    }
    if (block->json.capacity > ROOM_MOST) {
        ndup__json_line_deinit(&block->json);
    }
    block->length = 0;
    ndup__arena_reset(&block->arena);
    ndup__block_trim_rooms(block);
}

void ndup__block_trim_rooms(ndup__block *block)
{
    for (size_t i = 0; i < sizeof block->rooms / sizeof block->rooms[0]; i++) {
        if (block->rooms[i].capacity > ROOM_MOST) {
            ndup__json_line_deinit(&block->rooms[i]);
        }
    }
}
