/* SPDX-License-Identifier: MIT */
/* Tokens, class and sketch of a text, whole or slice by slice. */
#include "dedup/text_sketch.h"

#include <string.h>

#include "base/alloc.h"
#include "dedup/reading.h"
#include "sketch/kind.h"
#include "text/shingle.h"
#include "text/tokenize.h"

/* With any seed but 0, XXH3 makes a secret for every text first. */
#define TOKENS_SEED 0
/* Keeps the classes that are told by bytes apart from those by tokens. */
#define BYTES_SEED 1
/* A token and a shingle are 8 bytes, and a token may be two bytes of text. */
#define SLICE_BYTES ((size_t)512 << 10)

ndup_status ndup__text_sketch_init(ndup__text_sketch *sketch, const ndup__shingling *shingling,
                                   const ndup_sketcher *sketcher, const ndup_allocator *allocator,
                                   ndup_error *error)
{
    unsigned slots = ndup_sketcher_slots(sketcher);
    *sketch = (ndup__text_sketch){.allocator = allocator,
                                  .sketcher = sketcher,
                                  .shingling = *shingling,
                                  .tokens = {.allocator = allocator, .seed = shingling->seed}};
    ndup_status status =
        ndup__resize(allocator, &sketch->state, 0, slots, sizeof *sketch->state, error);
    return status == NDUP_STATUS_OK
               ? ndup__resize(allocator, &sketch->part, 0, slots, sizeof *sketch->part, error)
               : status;
}

void ndup__text_sketch_deinit(ndup__text_sketch *sketch)
{
    const ndup_allocator *allocator = sketch->allocator;
    unsigned slots = ndup_sketcher_slots(sketch->sketcher);
    ndup__tokens_deinit(&sketch->tokens);
    ndup__free(allocator, &sketch->window, sketch->window_capacity, sizeof *sketch->window);
    ndup__free(allocator, &sketch->shingles, sketch->shingle_capacity, sizeof *sketch->shingles);
    ndup__free(allocator, &sketch->scratch, sketch->scratch_capacity, sizeof *sketch->scratch);
    ndup__free(allocator, &sketch->state, slots, sizeof *sketch->state);
    ndup__free(allocator, &sketch->part, slots, sizeof *sketch->part);
}

/* The sketch of some tokens that follow each other. */
static ndup_status sketch_tokens(ndup__text_sketch *sketch, uint32_t *state, const uint64_t *tokens,
                                 size_t token_count, ndup_error *error)
{
    if (sketch->sketcher == NULL) {
        return NDUP_STATUS_OK;
    }
    size_t count = ndup__shingle_count(token_count, sketch->shingling.size);
    ndup_status status =
        ndup__reserve(sketch->allocator, &sketch->shingles, &sketch->shingle_capacity, count,
                      sizeof *sketch->shingles, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__shingle(sketch->shingles, tokens, token_count, sketch->shingling.size);
    ndup__stopwatch_lap(sketch->watch, NDUP_PART_HASH);
    if (sketch->sketcher->kind->wants_distinct) {
        status = ndup__reserve(sketch->allocator, &sketch->scratch, &sketch->scratch_capacity,
                               count, sizeof *sketch->scratch, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        count = ndup__sort_distinct(sketch->shingles, sketch->scratch, count);
    }
    ndup_sketch_make(sketch->sketcher, state, sketch->shingles, count);
    ndup__stopwatch_lap(sketch->watch, NDUP_PART_SKETCH);
    return NDUP_STATUS_OK;
}

static ndup_status tokenize(ndup__text_sketch *sketch, const char *text, size_t length,
                            ndup_error *error)
{
    ndup_status status =
        ndup__tokenize(&sketch->tokens, sketch->shingling.mode, text, length, error);
    ndup__stopwatch_lap(sketch->watch, NDUP_PART_TOKENIZE);
    return status;
}

static ndup_status make_whole(ndup__text_sketch *sketch, ndup_text text, ndup_error *error)
{
    const ndup__tokens *tokens = &sketch->tokens;
    ndup_status status = tokenize(sketch, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = sketch_tokens(sketch, sketch->state, tokens->hashes, tokens->count, error);
    }
    if (status == NDUP_STATUS_OK) {
        sketch->token_count = tokens->count;
        sketch->replaced = tokens->replaced;
        sketch->reading = ndup__reading_of(tokens);
        sketch->tokens_hash = ndup__hash_bytes128(
            tokens->hashes, tokens->count * sizeof *tokens->hashes, TOKENS_SEED);
    }
    return status;
}

/* A text on its way through the slices. */
typedef struct slices {
    ndup__tokens total; /* counts only */
    ndup__hash_stream hash;
    size_t held; /* tokens at the beginning of the window: the last ones, fewer than a shingle */
} slices;

/* White space ends every token in both modes that have slices. */
size_t ndup__slice_end(ndup_text text, size_t at)
{
    size_t stop = text.length - at > SLICE_BYTES ? at + SLICE_BYTES : text.length;
    while (stop < text.length && text.bytes[stop - 1] != ' ' && text.bytes[stop - 1] != '\n') {
        stop++;
    }
    return stop;
}

/* Puts the slice's tokens behind those that are held. */
static ndup_status extend_window(ndup__text_sketch *sketch, const slices *now, ndup_error *error)
{
    const ndup__tokens *tokens = &sketch->tokens;
    ndup_status status = ndup__reserve(sketch->allocator, &sketch->window, &sketch->window_capacity,
                                       now->held + tokens->count, sizeof *sketch->window, error);
    if (status == NDUP_STATUS_OK && tokens->count > 0) {
        memcpy(sketch->window + now->held, tokens->hashes, tokens->count * sizeof *tokens->hashes);
    }
    return status;
}

static ndup_status add_slice(ndup__text_sketch *sketch, slices *now, ndup_error *error)
{
    const ndup__tokens *tokens = &sketch->tokens;
    size_t size = sketch->shingling.size;
    ndup_status status = extend_window(sketch, now, error);
    size_t count = now->held + tokens->count;
    if (status == NDUP_STATUS_OK && count >= size) {
        status = sketch_tokens(sketch, sketch->part, sketch->window, count, error);
        if (status == NDUP_STATUS_OK && sketch->sketcher != NULL) {
            status = ndup_sketch_merge(sketch->sketcher, sketch->state, sketch->part, error);
        }
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    now->total.count += tokens->count;
    now->total.replaced += tokens->replaced;
    now->total.damaged += tokens->damaged;
    ndup__hash_stream_add(&now->hash, tokens->hashes, tokens->count * sizeof *tokens->hashes);
    now->held = count < size ? count : size - 1;
    if (now->held > 0) {
        memmove(sketch->window, sketch->window + (count - now->held),
                now->held * sizeof *sketch->window);
    }
    return NDUP_STATUS_OK;
}

static ndup_status make_sliced(ndup__text_sketch *sketch, ndup_text text, ndup_error *error)
{
    slices now = {.held = 0};
    ndup_status status = NDUP_STATUS_OK;
    ndup__hash_stream_begin(&now.hash);
    ndup_sketch_make(sketch->sketcher, sketch->state, NULL, 0);
    for (size_t at = 0; at < text.length && status == NDUP_STATUS_OK;) {
        size_t stop = ndup__slice_end(text, at);
        status = tokenize(sketch, text.bytes + at, stop - at, error);
        if (status == NDUP_STATUS_OK) {
            status = add_slice(sketch, &now, error);
        }
        at = stop;
    }
    if (status == NDUP_STATUS_OK && now.total.count < sketch->shingling.size) {
        status = sketch_tokens(sketch, sketch->state, sketch->window, now.total.count, error);
    }
    sketch->token_count = now.total.count;
    sketch->replaced = now.total.replaced;
    sketch->reading = ndup__reading_of(&now.total);
    sketch->tokens_hash = ndup__hash_stream_end(&now.hash);
    return status;
}

ndup_status ndup__text_sketch_make(ndup__text_sketch *sketch, ndup_text text, ndup_error *error)
{
    /* Sketches of sets that cannot be merged need the whole. */
    bool is_sliced = !sketch->keeps_tokens && ndup__takes_slices(&sketch->shingling, text.length) &&
                     (sketch->sketcher == NULL || sketch->sketcher->kind->merges);
    return is_sliced ? make_sliced(sketch, text, error) : make_whole(sketch, text, error);
}

ndup__hash128 ndup__text_sketch_class(const ndup__text_sketch *sketch, ndup_text stored)
{
    return sketch->reading == NDUP_READING_WORDS
               ? sketch->tokens_hash
               : ndup__hash_bytes128(stored.bytes, stored.length, BYTES_SEED);
}
