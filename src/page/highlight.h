/* SPDX-License-Identifier: MIT */
/* Which words two texts share, for showing them side by side. */
#ifndef NDUP__PAGE_HIGHLIGHT_H
#define NDUP__PAGE_HIGHLIGHT_H

#include "neardup/document.h"
#include "text/tokenize.h"

/* One text with a mark for each of its tokens. */
typedef struct ndup__marked_text {
    ndup_text text;
    ndup__tokens tokens; /* with offsets */
    uint8_t *shared;     /* [tokens.count] 1 = stands in the other text, too */
    size_t capacity;
} ndup__marked_text;

/* Work space, reused from pair to pair; ndup__highlighter_init before use. Threads: single-owner.
 */
typedef struct ndup__highlighter {
    const ndup_allocator *allocator;
    ndup__marked_text a;
    ndup__marked_text b;
    uint64_t *table; /* hash table of the runs of one text; 0 = free */
    size_t capacity;
    uint64_t slot_key;
} ndup__highlighter;

void ndup__highlighter_init(ndup__highlighter *highlighter, const ndup_allocator *allocator);
void ndup__highlighter_deinit(ndup__highlighter *highlighter);

/* Marks the tokens of two texts, which are borrowed. A token is shared when it lies in a run of a
 * few tokens, a dozen bytes long, that stands anywhere in the other text: passages that moved are
 * shared, chance meetings of single words are not. In texts of the same tokens those are shared
 * that are spelt the same, with the same punctuation in front. Cost: linear. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__highlight(ndup__highlighter *highlighter, ndup__token_mode mode,
                                           ndup_text a, ndup_text b, ndup_error *error);

#endif
