/* SPDX-License-Identifier: MIT */
/* Passages that a page folds away, put aside to stand behind everything else where there is room.
 */
#ifndef NDUP__PAGE_FOLDED_H
#define NDUP__PAGE_FOLDED_H

#include "report/out.h"

/* Shown of one passage when it is unfolded. */
#define NDUP__FOLDED_BYTES ((size_t)20000)

/* Initialise with ndup__folded_init. Memory: the limit and one passage more. */
typedef struct ndup__folded {
    ndup__out out; /* strings, parted by commas and line ends */
    size_t count;
    size_t limit; /* bytes as JSON; no more passages are taken when they are reached */
} ndup__folded;

void ndup__folded_init(ndup__folded *folded, size_t limit, const ndup_allocator *allocator);
void ndup__folded_deinit(ndup__folded *folded);

/* Forgets all passages and keeps the memory. */
void ndup__folded_reset(ndup__folded *folded);

/* Writes an element of an array in the place of a passage: {"left_out": characters, "folded": i},
 * where i is the place in the array that ndup__json_folded_texts writes; the number of characters
 * alone where the passage was not taken. A failure is one of folded->out. */
void ndup__json_folded(ndup__out *out, ndup__folded *folded, ndup_text passage);

/* Writes an array of the first passages, as many as have room in `room` bytes. */
void ndup__json_folded_texts(ndup__out *out, const char *key, const ndup__folded *folded,
                             size_t room);

#endif
