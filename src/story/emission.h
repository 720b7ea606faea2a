/* SPDX-License-Identifier: MIT */
/* What is known of a corpus when its groups are told: their numbers, and each story described. */
#ifndef NDUP__STORY_EMISSION_H
#define NDUP__STORY_EMISSION_H

#include "story/group_run.h"

/* Texts of a story that are compared with each other: of larger ones the first. */
#define NDUP__TEXTS_COMPARED 64
/* Terms of a story that are told. */
#define NDUP__TERMS_TOLD 8

typedef struct ndup__emission {
    ndup__group_run *run;
    ndup_group_sink *const *sinks;
    size_t sink_count;
    uint32_t *text_of;   /* [documents] place of its first among the texts of stories */
    uint32_t *story_of;  /* [documents] number */
    uint32_t *copies_of; /* [documents] number of its group of copies */
    float *scores;       /* [documents] */
    size_t story_count;
    uint32_t *first;   /* [story_count + 1] of a story's documents in `members` */
    uint32_t *members; /* [documents] by story, then in order */
    ndup__block block;
    ndup__term_finder finder;
} ndup__emission;

/* What is told of a document. */
ndup_grouping ndup__emission_grouping(const ndup__emission *e, uint32_t document);

/* The firsts among a story's documents, NDUP__TEXTS_COMPARED at most. */
size_t ndup__story_texts(uint32_t texts[NDUP__TEXTS_COMPARED], const ndup__emission *e,
                         size_t story);

/* A story, with what its members point to. Reused from story to story. */
typedef struct ndup__described_story {
    ndup_story story;
    const ndup_allocator *allocator;
    ndup_grouping *documents; /* [story.count] */
    size_t capacity;
    ndup_story_term terms[NDUP__TERMS_TOLD];
    ndup__block block; /* its central text */
} ndup__described_story;

void ndup__described_story_init(ndup__described_story *described, const ndup__emission *e);
void ndup__described_story_deinit(ndup__described_story *described);

/* Describes a story; reads its central text again. Errors: those of reading, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_describe(ndup__described_story *described, ndup__emission *e,
                                                size_t number, ndup_error *error);

/* A term that texts share, and its part in their score. */
typedef struct ndup__shared_term {
    uint32_t term;
    double share;
} ndup__shared_term;

/* The terms that a text shares most of with others, heaviest first, NDUP__TERMS_TOLD at most; their
 * shares add up to 1 with those that are not told. Returns how many. Itself among the others does
 * not count. */
size_t ndup__shared_terms(ndup__shared_term shared[NDUP__TERMS_KEPT], const ndup__stories *stories,
                          uint32_t text, const uint32_t *others, size_t count);

/* Names terms as a text has them; `source` is its document's. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__shared_terms_name(ndup_story_term *named, ndup__emission *e,
                                                   const ndup_document *document, ndup_text source,
                                                   const ndup__shared_term *shared, size_t count,
                                                   ndup_error *error);

#endif
