/* SPDX-License-Identifier: MIT */
/* In how many different texts of a corpus each shingle of two texts stands. */
#ifndef NDUP__EVAL_TEXT_COUNTS_H
#define NDUP__EVAL_TEXT_COUNTS_H

#include "corpus/reader.h"
#include "neardup/hooks.h"
#include "similarity/shingle_index.h"
#include "text/shingle.h"
#include "text/tokenize.h"

/* One of the two texts. */
typedef struct ndup__counted_side {
    ndup__tokens tokens;
    size_t begin; /* of its shingles, in text order, among those of both */
    size_t count;
} ndup__counted_side;

/* Zero-initialise and set the first three. Threads: single-owner. */
typedef struct ndup__text_counts {
    const ndup_allocator *allocator;
    ndup__token_mode mode;
    unsigned shingle_size;
    ndup__counted_side sides[2];
    uint64_t *shingles; /* [count] a's, then b's */
    size_t count;
    ndup__shingle_index index; /* of them */
    uint32_t *firsts;          /* [count] first place of the same shingle */
    uint8_t *holders;          /* [count] by first place: bit 0, a has it; bit 1, b has it */
    uint32_t *texts;           /* [count] by first place: different texts that have it */
    uint64_t *last;            /* [count] by first place: the document that had it last, from 1 */
    uint64_t documents;
    ndup__tokens tokens; /* of the document at hand */
    uint64_t *others;    /* its shingles */
    size_t other_capacity;
    uint64_t *met; /* [met_slots] hashes of the texts that were counted; 0 = free */
    size_t met_slots;
    size_t met_count;
} ndup__text_counts;

/* Takes the shingles of two texts. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__text_counts_fill(ndup__text_counts *counts, ndup_text a,
                                                  ndup_text b, ndup_error *error);

/* Counts the texts of a corpus, each different one once. Errors: IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__text_counts_read(ndup__text_counts *counts, ndup_corpus *corpus,
                                                  const ndup_hooks *hooks, ndup_error *error);

void ndup__text_counts_deinit(ndup__text_counts *counts);

#endif
