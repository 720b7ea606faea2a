/* SPDX-License-Identifier: MIT */
/* Terms are hashes already: a slot is the first free one from there. */
#include "story/term_index.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#define SLOTS_LEAST 1024

/* Spreads the bits: slots are taken from the lowest. */
static size_t slot_of(const ndup__term_index *index, uint32_t term)
{
    size_t mask = index->slot_count - 1;
    size_t slot = ((uint64_t)term * 0x9E3779B97F4A7C15u >> 32) & mask;
    while (index->heads[slot] != 0 && index->terms[slot] != term) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static bool is_forgotten(const ndup__term_index *index, uint32_t head)
{
    return head == 0 || head - 1 < index->oldest;
}

/* Makes a new table without the terms that are forgotten, larger only if many are not. */
static ndup_status grow(ndup__term_index *index, ndup_error *error)
{
    ndup__term_index larger = *index;
    larger.term_count = 0;
    for (size_t i = 0; i < index->slot_count; i++) {
        larger.term_count += !is_forgotten(index, index->heads[i]);
    }
    larger.slot_count = index->slot_count == 0                       ? SLOTS_LEAST
                        : 4 * larger.term_count >= larger.slot_count ? 2 * index->slot_count
                                                                     : index->slot_count;
    larger.terms = NULL;
    larger.heads = NULL;
    ndup_status status = ndup__allocate_zeroed(index->allocator, &larger.heads, larger.slot_count,
                                               sizeof *larger.heads, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(index->allocator, &larger.terms, 0, larger.slot_count,
                              sizeof *larger.terms, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__free(index->allocator, &larger.heads, larger.heads != NULL ? larger.slot_count : 0,
                   sizeof *larger.heads);
        return status;
    }
    for (size_t i = 0; i < index->slot_count; i++) {
        if (!is_forgotten(index, index->heads[i])) {
            size_t slot = slot_of(&larger, index->terms[i]);
            larger.terms[slot] = index->terms[i];
            larger.heads[slot] = index->heads[i];
        }
    }
    ndup__free(index->allocator, &index->terms, index->slot_count, sizeof *index->terms);
    ndup__free(index->allocator, &index->heads, index->slot_count, sizeof *index->heads);
    *index = larger;
    return NDUP_STATUS_OK;
}

/* Moves the postings down when half of the array is forgotten ones. */
static ndup_status make_room(ndup__term_index *index, ndup_error *error)
{
    size_t kept = index->posting_count - index->oldest;
    if (index->posting_capacity > 0 &&
        index->posting_count - index->base == index->posting_capacity &&
        kept <= index->posting_capacity / 2) {
        memmove(index->postings, index->postings + (index->oldest - index->base),
                kept * sizeof *index->postings);
        index->base = index->oldest;
    }
    return ndup__reserve(index->allocator, &index->postings, &index->posting_capacity,
                         index->posting_count - index->base + 1, sizeof *index->postings, error);
}

ndup_status ndup__term_index_add(ndup__term_index *index, uint32_t term, uint32_t text,
                                 ndup_error *error)
{
    if (index->posting_count >= UINT32_MAX - 1) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %u terms of texts", UINT32_MAX - 1);
    }
    ndup_status status = NDUP_STATUS_OK;
    if (2 * index->term_count >= index->slot_count) {
        status = grow(index, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = make_room(index, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t slot = slot_of(index, term);
    uint32_t older = index->heads[slot] != 0 ? index->heads[slot] - 1 : NDUP__NO_POSTING;
    index->term_count += index->heads[slot] == 0;
    index->terms[slot] = term;
    index->postings[index->posting_count - index->base] = (ndup__term_posting){text, older};
    index->heads[slot] = (uint32_t)++index->posting_count;
    return NDUP_STATUS_OK;
}

void ndup__term_index_forget(ndup__term_index *index, uint32_t text)
{
    while (index->oldest < index->posting_count &&
           index->postings[index->oldest - index->base].text < text) {
        index->oldest++;
    }
}

uint32_t ndup__term_index_newest(const ndup__term_index *index, uint32_t term)
{
    if (index->slot_count == 0) {
        return NDUP__NO_POSTING;
    }
    uint32_t head = index->heads[slot_of(index, term)];
    return is_forgotten(index, head) ? NDUP__NO_POSTING : head - 1;
}

uint32_t ndup__term_index_older(const ndup__term_index *index, uint32_t place)
{
    uint32_t older = index->postings[place - index->base].older;
    return older != NDUP__NO_POSTING && older < index->oldest ? NDUP__NO_POSTING : older;
}

void ndup__term_index_deinit(ndup__term_index *index)
{
    ndup__free(index->allocator, &index->postings, index->posting_capacity,
               sizeof *index->postings);
    ndup__free(index->allocator, &index->terms, index->slot_count, sizeof *index->terms);
    ndup__free(index->allocator, &index->heads, index->slot_count, sizeof *index->heads);
}
