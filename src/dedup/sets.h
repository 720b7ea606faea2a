/* SPDX-License-Identifier: MIT */
/* Shingle sets of texts that are read again, and a bounded store of those used lately. */
#ifndef NDUP__DEDUP_SETS_H
#define NDUP__DEDUP_SETS_H

#include "dedup/run.h"
#include "similarity/same_tokens.h"
#include "similarity/shingle_index.h"

/* The exact side of one class: what verification compares. Threads: immutable while pinned. */
typedef struct ndup__set {
    uint32_t class_number;
    uint32_t pins;
    size_t bytes;
    uint64_t *shingles; /* [count] in text order */
    size_t count;
    size_t distinct;
    uint64_t *repeats; /* [(count + 63) / 64] bits: the shingle comes again; NULL = none does */
    uint64_t *numbers; /* [number_count] in text order; only with number agreement */
    size_t number_count;
    uint64_t *token_hashes; /* [text.tokens] in text order; only where numbers are dense, else
                               NULL */
    ndup__token_text text;  /* the tokens themselves: what the hashes stand for */
    struct ndup__set *newer, *older; /* by last use */
    struct ndup__set *next;          /* in its hash chain */
} ndup__set;

/* Work space of one worker for reading a text again. Threads: single-owner. */
typedef struct ndup__set_reader {
    ndup__block block;
    ndup__tokens tokens;
    ndup_text text;       /* in the block */
    uint32_t text_class;  /* whose text it is, or NDUP__NO_CLASS */
    uint32_t index_class; /* whose shingles are indexed, or NDUP__NO_CLASS */
    uint64_t *shingles;
    uint64_t *scratch;
    size_t shingle_capacity;
    size_t scratch_capacity;
    ndup__shingle_index index;
} ndup__set_reader;

typedef struct ndup__sets ndup__sets;

/* A store that keeps about `budget` bytes of sets. Threads: locked. */
NDUP_NODISCARD ndup_status ndup__sets_new(ndup__sets **sets, const ndup__run *run, size_t budget,
                                          ndup_error *error);
void ndup__sets_free(ndup__sets *sets);

/* The set of a class, pinned until released. When the text had to be read, it stays in the reader,
 * with an index of it. Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__sets_get(ndup__sets *sets, const ndup__set **set,
                                          uint32_t class_number, ndup__set_reader *reader,
                                          ndup_error *error);
void ndup__sets_release(ndup__sets *sets, const ndup__set *set);

void ndup__set_reader_init(ndup__set_reader *reader, const ndup_allocator *allocator);
void ndup__set_reader_deinit(ndup__set_reader *reader);

/* Reads the text of a class into the reader, unless it is there already. Errors: CHANGED, IO,
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__set_reader_fetch(ndup__set_reader *reader, const ndup__run *run,
                                                  uint32_t class_number, ndup_error *error);

/* Reads the text of a class and lists its shingles in reader->shingles[0..count), in text order,
 * with repeats. Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__set_reader_list(ndup__set_reader *reader, size_t *count,
                                                 const ndup__run *run, uint32_t class_number,
                                                 ndup_error *error);

/* Reads the text of a class and indexes its shingles, in reader->shingles and reader->index, for
 * those who want no set. Errors: CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__set_reader_read(ndup__set_reader *reader, const ndup__run *run,
                                                 uint32_t class_number, ndup_error *error);

/* The index of a pinned set: the reader's own when it has read that class last, else made anew, and
 * then good until the set is released or the reader used. */
NDUP_NODISCARD ndup_status ndup__set_reader_index(ndup__set_reader *reader, const ndup__set *set,
                                                  ndup_error *error);

/* Makes the sorted set of a text in reader->shingles; *count is its size. Tokens stay in
 * reader->tokens. */
NDUP_NODISCARD ndup_status ndup__set_reader_shingle(ndup__set_reader *reader, size_t *count,
                                                    const ndup__shingling *shingling,
                                                    ndup_text text, ndup_error *error);

/* Whether this is the text that the document had. Errors: CHANGED. */
NDUP_NODISCARD ndup_status ndup__run_check_text(const ndup__run *run, uint32_t document,
                                                ndup_text text, ndup_error *error);

/* Reads the document again that stands for a class. The item lives in the reader's block. */
NDUP_NODISCARD ndup_status ndup__run_fetch(const ndup__run *run, ndup__item *item,
                                           uint32_t document, ndup__block *block,
                                           ndup_error *error);

#endif
