/* SPDX-License-Identifier: MIT */
/* Marked texts as JSON, with long passages that both texts share left out. */
#ifndef NDUP__PAGE_PASSAGES_H
#define NDUP__PAGE_PASSAGES_H

#include "page/folded.h"
#include "page/highlight.h"
#include "report/out.h"

/* How much of a text is shown. Units: bytes. */
typedef struct ndup__passage_limits {
    size_t total;   /* of the text; the rest is cut off */
    size_t context; /* of a shared passage, on either side of what differs */
} ndup__passage_limits;

/* Writes an array: a string is text that the other text has, too; an array with a string is text of
 * this one only; what ndup__json_folded writes, that shared characters are left out here; {"cut":
 * n} at the end, that n more characters follow. `missing` counts characters of the whole text
 * behind marked->text. */
void ndup__json_passages(ndup__out *out, const char *key, const ndup__marked_text *marked,
                         uint64_t missing, ndup__passage_limits limits, ndup__folded *folded);

/* The same for a text that is not compared with another: its beginning, as one string. */
void ndup__json_beginning(ndup__out *out, const char *key, ndup_text text, uint64_t missing,
                          size_t limit);

/* The longest beginning of at most `limit` bytes that ends between words, if one is near. */
size_t ndup__cut_at_word(ndup_text text, size_t limit);

/* Where the last `limit` bytes of a text begin, moved on to a word if one begins near. */
size_t ndup__start_of_end(ndup_text text, size_t limit);

#endif
