/* SPDX-License-Identifier: MIT */
/* Passages of whole sentences that two texts share to the byte. */
#ifndef NDUP__SIMILARITY_SAME_SENTENCES_H
#define NDUP__SIMILARITY_SAME_SENTENCES_H

#include "neardup/document.h"
#include "text/sentence.h"

/* The same bytes in both texts, from the first of a sentence to the last of one. */
typedef struct ndup__passage {
    uint32_t from;   /* offset in the indexed text */
    uint32_t offset; /* in the other */
    uint32_t bytes;
} ndup__passage;

/* The sentences of a text by their bytes. Reused: zero-initialise, set the allocator, free at the
 * end. The text is borrowed. Threads: single-owner. */
typedef struct ndup__sentence_index {
    const ndup_allocator *allocator;
    ndup_text text;
    ndup__sentences sentences;
    uint32_t *slots; /* [slot_count] first sentence of the hash, from 1; 0 = none */
    uint32_t *nexts; /* [sentences] next sentence with the same slot, from 1 */
    size_t slot_count;
    size_t slot_capacity;
    size_t next_capacity;
    ndup__sentences others; /* of the text that was met last */
    ndup__passage *passages;
    size_t passage_capacity;
} ndup__sentence_index;

/* Errors: those of ndup__sentences_split. */
NDUP_NODISCARD ndup_status ndup__sentence_index_fill(ndup__sentence_index *index, ndup_text text,
                                                     ndup_error *error);

/* The passages of `other` that stand in the indexed text, too, in the order of their offsets and
 * without overlaps: at every sentence the longest, of the first 64 that begin alike. They live
 * until the next call. Cost: linear. Errors: those of ndup__sentences_split. */
NDUP_NODISCARD ndup_status ndup__sentence_index_meet(const ndup__passage **passages, size_t *count,
                                                     ndup__sentence_index *index, ndup_text other,
                                                     ndup_error *error);

void ndup__sentence_index_deinit(ndup__sentence_index *index);

#endif
