/* SPDX-License-Identifier: MIT */
/* Shingle sets of texts that are read again, and a bounded store of those used lately. */
#ifndef NDUP__PIPELINE_SETS_H
#define NDUP__PIPELINE_SETS_H

#include "pipeline/run.h"

/* The exact side of one class: what verification compares. Threads: immutable while pinned. */
typedef struct ndup__set {
    uint32_t class_number;
    uint32_t pins;
    size_t bytes;
    uint64_t *sorted; /* [count] distinct shingles, ascending */
    size_t count;
    uint64_t *ordered; /* [ordered_count] shingles in text order; only with spans */
    size_t ordered_count;
    uint32_t *starts;  /* [tokens] byte offsets of the tokens; only with spans */
    uint32_t *ends;    /* [tokens] */
    uint64_t *numbers; /* [number_count] in text order; only with number agreement */
    size_t number_count;
    uint64_t *token_hashes; /* [tokens] in text order; only where numbers are dense, else
                               NULL */
    size_t tokens;
    struct ndup__set *newer, *older; /* by last use */
    struct ndup__set *next;          /* in its hash chain */
} ndup__set;

/* Work space of one worker for reading a text again. Threads: single-owner. */
typedef struct ndup__set_reader {
    ndup__block block;
    ndup__tokens tokens;
    uint64_t *shingles;
    uint64_t *scratch;
    size_t shingle_capacity;
    size_t scratch_capacity;
} ndup__set_reader;

typedef struct ndup__sets ndup__sets;

/* A store that keeps about `budget` bytes of sets. Threads: locked. */
NDUP_NODISCARD ndup_status ndup__sets_new(ndup__sets **sets, const ndup__run *run, size_t budget,
                                          ndup_error *error);
void ndup__sets_free(ndup__sets *sets);

/* The set of a class, pinned until released. Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__sets_get(ndup__sets *sets, const ndup__set **set,
                                          uint32_t class_number, ndup__set_reader *reader,
                                          ndup_error *error);
void ndup__sets_release(ndup__sets *sets, const ndup__set *set);

void ndup__set_reader_init(ndup__set_reader *reader, const ndup_allocator *allocator);
void ndup__set_reader_deinit(ndup__set_reader *reader);

/* Makes the sorted set of a text in reader->shingles; *count is its size. Tokens stay in
 * reader->tokens. */
NDUP_NODISCARD ndup_status ndup__set_reader_shingle(ndup__set_reader *reader, size_t *count,
                                                    const ndup__shingling *shingling,
                                                    ndup_text text, ndup_error *error);

/* Reads the document again that stands for a class. The item lives in the reader's block. */
NDUP_NODISCARD ndup_status ndup__run_fetch(const ndup__run *run, ndup__item *item,
                                           uint32_t document, ndup__block *block,
                                           ndup_error *error);

#endif
