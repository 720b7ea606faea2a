/* SPDX-License-Identifier: MIT */
/* The phrases of a text: all runs of so many words, figures being all the same. */
#ifndef NDUP__STORY_PHRASES_H
#define NDUP__STORY_PHRASES_H

#include <stdbool.h>
#include <stdint.h>

#include "neardup/document.h"
#include "text/tokenize.h"

/* Words of a phrase, or so many characters where a script has no word spaces; a shorter title is
 * one phrase. */
#define NDUP__PHRASE_WORDS 5
#define NDUP__PHRASE_CHARACTERS 10

typedef struct ndup__phrase {
    uint64_t hash; /* of its tokens, and of who says it */
    uint32_t first, tokens;
} ndup__phrase;

/* Reused; zero-initialise and set the allocator. */
typedef struct ndup__phrase_list {
    const ndup_allocator *allocator;
    ndup__phrase *items; /* [count] */
    size_t count, capacity;
} ndup__phrase_list;

/* Adds the phrases of a text; its tokens are numbered from `base` on. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__phrases_add(ndup__phrase_list *list, ndup_text text,
                                             const ndup__tokens *tokens, uint32_t base,
                                             bool is_title, uint64_t source, ndup_error *error);
void ndup__phrases_deinit(ndup__phrase_list *list);

/* Whether a token is one character of a script without word spaces. */
bool ndup__token_is_character(ndup_text text, const ndup__tokens *tokens, size_t token);

#endif
