/* SPDX-License-Identifier: MIT */
/* Text to sentences and lines: the least that can be taken out of a text and leave it readable. */
#ifndef NDUP__TEXT_SENTENCE_H
#define NDUP__TEXT_SENTENCE_H

#include <stddef.h>
#include <stdint.h>

#include "text/paragraph.h"

typedef struct ndup__sentence {
    uint32_t offset; /* bytes, of its first character that is no space */
    uint32_t length; /* bytes, without the spaces behind it; at least 1 */
} ndup__sentence;

/* The sentences of one text. Reused: zero-initialise, set the allocator, free at the end. Threads:
 * single-owner. */
typedef struct ndup__sentences {
    const ndup_allocator *allocator;
    ndup__sentence *items;
    size_t count;
    size_t capacity;
    ndup__paragraphs paragraphs;
} ndup__sentences;

/* Replaces the contents by the sentences of text[0..length), in order. They lie within paragraphs,
 * or lines where the text is not wrapped, and end behind a mark that ends sentences and what closes
 * quotes and brackets. A mark of ASCII ends one only where a space follows, and a full stop only
 * behind a word of three bytes or more, so that "Dr.", "J." and "1." part nothing. Cost: linear.
 * Errors: MEMORY; LIMIT for a text of 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__sentences_split(ndup__sentences *sentences, const char *text,
                                                 size_t length, ndup_error *error);

void ndup__sentences_deinit(ndup__sentences *sentences);

#endif
