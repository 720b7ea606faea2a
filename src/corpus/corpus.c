/* SPDX-License-Identifier: MIT */
/* Taking the blocks of a corpus file by file, and fetching single documents. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus_state.h"

void ndup__corpus_read_ahead(ndup_corpus *corpus, unsigned threads)
{
    corpus->ahead = threads;
}

void ndup__corpus_keep_copy(ndup_corpus *corpus)
{
    corpus->keeps_copy = true;
    for (size_t i = 0; i < corpus->file_count; i++) {
        ndup__corpus_file *file = &corpus->files[i];
        file->read_once = file->read_once && !file->is_passing; /* it is copied in the next pass */
        file->is_passing = false;
    }
}

bool ndup__corpus_has_places(const ndup_corpus *corpus, uint32_t file)
{
    return !corpus->files[file].is_passing;
}

ndup_status ndup__corpus_rewind(ndup_corpus *corpus, ndup_error *error)
{
    (void)error;
    ndup__stream_end(corpus);
    corpus->current = 0;
    corpus->stored_before = 0;
    return NDUP_STATUS_OK;
}

/* Where the reading stands. Files of one document each are behind the reader already. */
static void note_next(const ndup_corpus *corpus, ndup__block *block)
{
    const ndup__stream_state *state = &corpus->stream;
    block->next = (ndup__place)corpus->current << NDUP__PLACE_OFFSET_BITS |
                  (state->offset - state->carry_length);
    block->can_go_on = !state->skipping;
}

ndup_status ndup__corpus_take(ndup_corpus *corpus, ndup__block *block, bool *more,
                              ndup_error *error)
{
    block->note_count = 0;
    block->passed_over = (ndup__passed_over){0};
    block->given = 0;
    ndup__arena_reset(&block->arena);
    block->kept = ndup__arena_get_mark(&block->arena);
    block->kept_count = 0;
    while (corpus->current < corpus->file_count) {
        ndup__corpus_file *file = &corpus->files[corpus->current];
        block->length = 0;
        block->lines = 0;
        block->offset = 0;
        block->is_new = false;
        block->is_passing = false;
        block->file = (uint32_t)corpus->current;
        block->file_count = 1;
        *more = true;
        ndup_status status = file->format->take(corpus, block, more, error);
        note_next(corpus, block);
        if (status != NDUP_STATUS_OK || *more) {
            return status;
        }
        corpus->stored_before += file->size;
        ndup__stream_end(corpus);
        corpus->current++;
    }
    *more = false;
    return NDUP_STATUS_OK;
}

/* The record as JSON, its decoded text, and what both were made of. */
#define CONVERTED_PARTS 4

static int compare_places(const void *left, const void *right)
{
    const ndup__place *x = left;
    const ndup__place *y = right;
    return (*x > *y) - (*x < *y);
}

ndup_status ndup__corpus_leave_out(ndup_corpus *corpus, const ndup__place *places, size_t count,
                                   ndup_error *error)
{
    ndup_status status =
        ndup__reserve(corpus->allocator, &corpus->left_out, &corpus->left_out_capacity,
                      corpus->left_out_count + count, sizeof *corpus->left_out, error);
    if (status == NDUP_STATUS_OK && count > 0) {
        memcpy(corpus->left_out + corpus->left_out_count, places, count * sizeof *places);
        corpus->left_out_count += count;
        qsort(corpus->left_out, corpus->left_out_count, sizeof *places, compare_places);
    }
    return status;
}

/* A visitor that does not see what is left out. */
typedef struct choosy_visitor {
    const ndup_corpus *corpus;
    const ndup__visitor *visitor;
} choosy_visitor;

static ndup_status visit_chosen(void *context, const ndup__item *item, ndup_error *error)
{
    const choosy_visitor *choosy = context;
    const ndup_corpus *corpus = choosy->corpus;
    bool is_left_out = bsearch(&item->place, corpus->left_out, corpus->left_out_count,
                               sizeof item->place, compare_places) != NULL;
    return is_left_out ? NDUP_STATUS_OK
                       : choosy->visitor->visit(choosy->visitor->context, item, error);
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    choosy_visitor choosy = {corpus, visitor};
    const ndup__visitor chosen = {
        .context = &choosy, .keeps = visitor->keeps, .visit = visit_chosen};
    block->most = corpus->working_bytes;
    block->json.most = corpus->working_bytes / CONVERTED_PARTS;
    return corpus->files[block->file].format->scan(
        corpus, block, corpus->left_out_count > 0 ? &chosen : visitor, error);
}

ndup_status ndup__corpus_scan(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, ndup_error *error)
{
    ndup_status status = ndup__spool_block(corpus, block, error);
    return status == NDUP_STATUS_OK ? scan(corpus, block, visitor, error) : status;
}

/* Meanwhile blocks may be taken (`beside`), which opens and closes descriptors. */
static ndup_status read_place(const ndup_corpus *corpus, const ndup__corpus_file *file,
                              uint64_t offset, ndup__block *block, size_t length, bool beside,
                              ndup_error *error)
{
    char *bytes = block->bytes;
    size_t *got = &block->length;
    if (file->spooled) {
        return ndup__spool_read(corpus, block, bytes, length, file->spool_offset + offset, got,
                                error);
    }
    if (file->is_passing) {
        return ndup__gathered_read(corpus, block, length, error);
    }
    int descriptor = beside ? -1 : file->descriptor;
    bool is_own = descriptor < 0;
    ndup_status status = NDUP_STATUS_OK;
    if (is_own) {
        status = ndup__file_open_read(&descriptor, file->path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__file_read_at(descriptor, bytes, length, offset, got, file->path, error);
        if (is_own) {
            ndup__file_close_quietly(descriptor);
        }
    }
    return status;
}

typedef struct fetched_item {
    ndup__item *item;
    unsigned count;
} fetched_item;

static ndup_status keep_item(void *context, const ndup__item *item, ndup_error *error)
{
    (void)error;
    fetched_item *fetched = context;
    *fetched->item = *item;
    fetched->count++;
    return NDUP_STATUS_OK;
}

ndup_status ndup__corpus_scan_one(const ndup_corpus *corpus, ndup__place place, uint32_t length,
                                  ndup__block *block, ndup__item *item, ndup_error *error)
{
    fetched_item found = {.item = item};
    ndup__visitor visitor = {.context = &found, .visit = keep_item};
    ndup_status status = scan(corpus, block, &visitor, error);
    return status == NDUP_STATUS_OK && (found.count != 1 || item->document.length != length)
               ? ndup__corpus_fail_changed(&corpus->files[NDUP__PLACE_FILE(place)],
                                           NDUP__PLACE_OFFSET(place), error)
               : status;
}

static ndup_status fetch(const ndup_corpus *corpus, ndup__place place, uint32_t length,
                         ndup__block *block, ndup__item *item, bool beside, ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[NDUP__PLACE_FILE(place)];
    ndup_status status = NDUP_STATUS_OK;
    ndup__corpus_begin_one(block, place);
    if (file->format->streams) {
        status = ndup__block_reserve(block, length, error);
        if (status == NDUP_STATUS_OK) {
            status =
                read_place(corpus, file, NDUP__PLACE_OFFSET(place), block, length, beside, error);
        }
    }
    return status == NDUP_STATUS_OK
               ? ndup__corpus_scan_one(corpus, place, length, block, item, error)
               : status;
}

ndup_status ndup__corpus_fetch(const ndup_corpus *corpus, ndup__place place, uint32_t length,
                               ndup__block *block, ndup__item *item, ndup_error *error)
{
    return fetch(corpus, place, length, block, item, false, error);
}

/* The document out of the block, which still has its bytes. */
static ndup_status read_from(const ndup_corpus *corpus, const ndup__block *of,
                             const ndup__kept *kept, ndup__block *again, ndup__item *item,
                             ndup_error *error)
{
    size_t length = kept->document.length;
    ndup__corpus_begin_one(again, kept->place);
    ndup_status status = ndup__block_reserve(again, length, error);
    if (status == NDUP_STATUS_OK) {
        memcpy(again->bytes, of->bytes + (NDUP__PLACE_OFFSET(kept->place) - of->offset), length);
        again->length = length;
        status = ndup__corpus_scan_one(corpus, kept->place, (uint32_t)length, again, item, error);
    }
    return status;
}

ndup_status ndup__kept_read(ndup__kept *kept, const ndup_corpus *corpus, const ndup__block *of,
                            ndup__block *again, ndup_error *error)
{
    ndup__item item;
    uint64_t line = kept->document.line;
    size_t length = kept->document.text.length;
    if (!kept->is_left) {
        return NDUP_STATUS_OK;
    }
    ndup__block_shrink(again);
    ndup_status status = of->is_passing
                             ? read_from(corpus, of, kept, again, &item, error)
                             : fetch(corpus, kept->place, (uint32_t)kept->document.length, again,
                                     &item, true, error);
    if (status == NDUP_STATUS_OK && item.document.text.length != length) {
        return ndup__corpus_fail_changed(&corpus->files[NDUP__PLACE_FILE(kept->place)],
                                         NDUP__PLACE_OFFSET(kept->place), error);
    }
    if (status == NDUP_STATUS_OK) {
        kept->document = item.document;
        kept->document.line = line;
    }
    return status;
}

uint64_t ndup__corpus_report_opening(const ndup_corpus *corpus, const ndup_hooks *hooks)
{
    ndup__block_report(&corpus->opening, 0, hooks);
    return corpus->opening.note_count;
}
