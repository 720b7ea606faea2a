/* SPDX-License-Identifier: MIT */
/* One pass over a corpus with the shingles of two texts in hand. */
#include "eval/text_counts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "pipeline/progress.h"

static ndup_status shingle_side(ndup__text_counts *counts, int side, ndup_text text,
                                ndup_error *error)
{
    ndup__counted_side *counted = &counts->sides[side];
    counted->tokens.allocator = counts->allocator;
    counted->tokens.wants_offsets = true;
    ndup_status status =
        ndup__tokenize(&counted->tokens, counts->mode, text.bytes, text.length, error);
    counted->begin = counts->count;
    counted->count = ndup__shingle_count(counted->tokens.count, counts->shingle_size);
    counts->count += counted->count;
    return status;
}

static ndup_status allocate(ndup__text_counts *counts, ndup_error *error)
{
    const ndup_allocator *allocator = counts->allocator;
    size_t count = counts->count;
    ndup_status status =
        ndup__resize(allocator, &counts->shingles, 0, count, sizeof *counts->shingles, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &counts->firsts, 0, count, sizeof *counts->firsts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &counts->holders, count, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(allocator, &counts->texts, count, sizeof *counts->texts, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__allocate_zeroed(allocator, &counts->last, count, sizeof *counts->last, error)
               : status;
}

/* Meets the index with itself: every place learns the first one of its shingle. */
static ndup_status find_firsts(ndup__text_counts *counts, ndup_error *error)
{
    size_t shared;
    counts->index.allocator = counts->allocator;
    ndup_status status = ndup__index_fill(&counts->index, counts->shingles, counts->count, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__index_meet(&shared, &counts->index, counts->shingles, counts->count, NULL, 0,
                                  error);
    }
    for (size_t i = 0; i < counts->count && status == NDUP_STATUS_OK; i++) {
        uint32_t first = counts->index.meetings[i] - 1;
        counts->firsts[i] = first;
        counts->holders[first] |= (uint8_t)(i < counts->sides[1].begin ? 1 : 2);
    }
    return status;
}

ndup_status ndup__text_counts_fill(ndup__text_counts *counts, ndup_text a, ndup_text b,
                                   ndup_error *error)
{
    ndup_status status = shingle_side(counts, 0, a, error);
    if (status == NDUP_STATUS_OK) {
        status = shingle_side(counts, 1, b, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = allocate(counts, error);
    }
    for (int side = 0; side < 2 && status == NDUP_STATUS_OK; side++) {
        const ndup__counted_side *counted = &counts->sides[side];
        if (counted->count > 0) {
            ndup__shingle(counts->shingles + counted->begin, counted->tokens.hashes,
                          counted->tokens.count, counts->shingle_size);
        }
    }
    return status == NDUP_STATUS_OK ? find_firsts(counts, error) : status;
}

/* Enters a hash; false if it was there. */
static bool enter(uint64_t *slots, size_t slot_count, uint64_t hash)
{
    size_t slot = (size_t)(ndup__mix64(hash ^ ndup__slot_key()) & (slot_count - 1));
    while (slots[slot] != 0 && slots[slot] != hash) {
        slot = (slot + 1) & (slot_count - 1);
    }
    bool is_new = slots[slot] == 0;
    slots[slot] = hash;
    return is_new;
}

static ndup_status make_room(ndup__text_counts *counts, ndup_error *error)
{
    size_t wanted = counts->met_slots > 0 ? 2 * counts->met_slots : 1024;
    uint64_t *slots = NULL;
    if (2 * (counts->met_count + 1) <= counts->met_slots) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__allocate_zeroed(counts->allocator, &slots, wanted, sizeof *slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < counts->met_slots; i++) {
        if (counts->met[i] != 0) {
            (void)enter(slots, wanted, counts->met[i]);
        }
    }
    ndup__free(counts->allocator, &counts->met, counts->met_slots, sizeof *counts->met);
    counts->met = slots;
    counts->met_slots = wanted;
    return NDUP_STATUS_OK;
}

/* Whether no text with the same tokens was counted before. */
static ndup_status is_different(bool *is_new, ndup__text_counts *counts, ndup_error *error)
{
    const ndup__tokens *tokens = &counts->tokens;
    uint64_t hash = ndup__hash_bytes(tokens->hashes, tokens->count * sizeof *tokens->hashes, 0);
    ndup_status status = make_room(counts, error);
    *is_new =
        status == NDUP_STATUS_OK && enter(counts->met, counts->met_slots, hash != 0 ? hash : 1);
    counts->met_count += *is_new;
    return status;
}

static void count_met(ndup__text_counts *counts, size_t shingle_count)
{
    for (size_t i = 0; i < shingle_count; i++) {
        uint32_t place = counts->index.meetings[i];
        if (place != 0 && counts->last[place - 1] != counts->documents) {
            counts->last[place - 1] = counts->documents;
            counts->texts[place - 1]++;
        }
    }
}

static ndup_status look_at(void *context, const ndup__item *item, ndup_error *error)
{
    ndup__text_counts *counts = context;
    ndup__tokens *tokens = &counts->tokens;
    ndup_text text = item->document.text;
    size_t shared = 0;
    bool is_new = false;
    counts->documents++;
    ndup_status status = ndup__tokenize(tokens, counts->mode, text.bytes, text.length, error);
    size_t count = ndup__shingle_count(tokens->count, counts->shingle_size);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(counts->allocator, &counts->others, &counts->other_capacity, count,
                               sizeof *counts->others, error);
    }
    if (status == NDUP_STATUS_OK && count > 0) {
        ndup__shingle(counts->others, tokens->hashes, tokens->count, counts->shingle_size);
        status = ndup__index_meet(&shared, &counts->index, counts->others, count, NULL, 0, error);
    }
    if (status == NDUP_STATUS_OK && shared > 0) {
        status = is_different(&is_new, counts, error);
    }
    if (is_new) {
        count_met(counts, count);
    }
    return status;
}

ndup_status ndup__text_counts_read(ndup__text_counts *counts, ndup_corpus *corpus,
                                   const ndup_hooks *hooks, ndup_error *error)
{
    ndup__visitor visitor = {.context = counts, .visit = look_at};
    ndup__reporter reporter = {.hooks = hooks};
    ndup__block block;
    bool more = true;
    counts->tokens.allocator = counts->allocator;
    ndup__block_init(&block, counts->allocator);
    ndup_status status = ndup__corpus_rewind(corpus, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&reporter, NDUP_STAGE_READ, ndup_corpus_bytes(corpus), error);
    }
    while (status == NDUP_STATUS_OK) {
        status = ndup__corpus_take(corpus, &block, &more, error);
        if (status != NDUP_STATUS_OK || !more) {
            break;
        }
        status = ndup__corpus_scan(corpus, &block, &visitor, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&reporter, block.stored, counts->documents, error);
        }
    }
    ndup__block_deinit(&block);
    return status;
}

void ndup__text_counts_deinit(ndup__text_counts *counts)
{
    const ndup_allocator *allocator = counts->allocator;
    size_t count = counts->count;
    ndup__tokens_deinit(&counts->sides[0].tokens);
    ndup__tokens_deinit(&counts->sides[1].tokens);
    ndup__tokens_deinit(&counts->tokens);
    ndup__index_deinit(&counts->index);
    ndup__free(allocator, &counts->shingles, count, sizeof *counts->shingles);
    ndup__free(allocator, &counts->firsts, count, sizeof *counts->firsts);
    ndup__free(allocator, &counts->holders, count, 1);
    ndup__free(allocator, &counts->texts, count, sizeof *counts->texts);
    ndup__free(allocator, &counts->last, count, sizeof *counts->last);
    ndup__free(allocator, &counts->others, counts->other_capacity, sizeof *counts->others);
    ndup__free(allocator, &counts->met, counts->met_slots, sizeof *counts->met);
}
