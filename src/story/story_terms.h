/* SPDX-License-Identifier: MIT */
/* What a text is about, as far as its words tell: words and pairs of words, with how often. */
#ifndef NDUP__STORY_STORY_TERMS_H
#define NDUP__STORY_STORY_TERMS_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup/document.h"
#include "story/set_phrases.h"
#include "text/tokenize.h"

/* A term of a text. */
typedef struct ndup__term {
    uint64_t hash;
    float count;    /* in the title a word counts three, in the body one; a pair half of that */
    bool is_word;   /* alone */
    uint32_t first; /* its first token among those of title and text, for who wants to show it */
    uint32_t tokens;
} ndup__term;

/* Reused from text to text; zero-initialise and set allocator and seed. Threads: single-owner. */
typedef struct ndup__term_finder {
    const ndup_allocator *allocator;
    uint64_t seed;
    bool wants_phrases; /* leaves those of the document in `phrases`, if it has a source */
    const ndup__set_phrases *set; /* phrases whose words do not count; NULL: all words do */
    ndup__tokens title, body, source;
    ndup__term *terms; /* [count] in the order in which they first come, each once */
    size_t count, capacity;
    uint32_t *slots;   /* [slot_count] hash table: 1 + term, 0 = free */
    size_t slot_count; /* a power of two */
    size_t slot_capacity;
    ndup__phrase_list phrases;
    uint8_t *marks; /* work space: tokens of set phrases */
    size_t mark_capacity;
} ndup__term_finder;

/* Finds the terms of a document: words; pairs of neighbours that no mark parts; in scripts without
 * word spaces pairs and triples of characters, and no single ones. The source's own name is left
 * out of the title ("X - The Paper", "The Paper: X"), and so is what has a word of a set phrase.
 * Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__terms_find(ndup__term_finder *finder,
                                            const ndup_document *document, ndup_text source,
                                            ndup_error *error);
void ndup__term_finder_deinit(ndup__term_finder *finder);

#endif
