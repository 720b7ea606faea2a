/* SPDX-License-Identifier: MIT */
/* Which texts have a term among their rarest, newest first; the oldest can be forgotten. */
#ifndef NDUP__STORY_TERM_INDEX_H
#define NDUP__STORY_TERM_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

#define NDUP__NO_POSTING UINT32_MAX

/* A text that has a term, and the place of the next older one, which may be forgotten, or
 * NDUP__NO_POSTING. */
typedef struct ndup__term_posting {
    uint32_t text;
    uint32_t older;
} ndup__term_posting;

/* Zero-initialise and set the allocator. Memory: 8 bytes a posting, 16 to 32 a term. Threads:
 * single-owner. */
typedef struct ndup__term_index {
    const ndup_allocator *allocator;
    ndup__term_posting *postings;       /* [posting_count - base] those from `base` on */
    size_t base, oldest, posting_count; /* places: those before `oldest` are forgotten */
    size_t posting_capacity;
    uint32_t *terms; /* [slot_count] hash table */
    uint32_t *heads; /* [slot_count] 1 + place of the newest posting; 0: the slot is free */
    size_t term_count, slot_count;
} ndup__term_index;

/* Errors: MEMORY; LIMIT for 2^32 postings. */
NDUP_NODISCARD ndup_status ndup__term_index_add(ndup__term_index *index, uint32_t term,
                                                uint32_t text, ndup_error *error);

/* Forgets the postings of texts before this one. Texts were added in ascending order. */
void ndup__term_index_forget(ndup__term_index *index, uint32_t text);

/* The place of the newest posting of a term, or NDUP__NO_POSTING. */
uint32_t ndup__term_index_newest(const ndup__term_index *index, uint32_t term);

/* The place of the next older posting of the same term, or NDUP__NO_POSTING. */
uint32_t ndup__term_index_older(const ndup__term_index *index, uint32_t place);

/* The text at a place. */
static inline uint32_t ndup__term_index_text(const ndup__term_index *index, uint32_t place)
{
    return index->postings[place - index->base].text;
}

void ndup__term_index_deinit(ndup__term_index *index);

#endif
