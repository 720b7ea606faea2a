/* SPDX-License-Identifier: MIT */
/* What a part of a corpus gives to the counts by which forms are told (ndup_corpus_frequencies):
 * its members, and which others may be counted. For those who count on many machines. */
#ifndef NEARDUP_FORM_TEXTS_H
#define NEARDUP_FORM_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/corpus_frequencies.h"
#include "neardup/dedup.h"
#include "neardup/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of each source so many texts that are no members tell what stands on its pages, or a few more:
 * those with text_hash <= UINT64_MAX / (others / NDUP_FORM_TEXTS_PER_SOURCE + 1). */
#define NDUP_FORM_TEXTS_PER_SOURCE 64

/* A distinct sequence of tokens. */
typedef struct ndup_form_text {
    uint64_t document;  /* number of the first in keep order that has it */
    bool is_member;     /* in so many buckets with others that it may be of a form: is counted */
    bool may_count;     /* as another of its source; not without words, nor above 2^20 tokens */
    uint64_t text_hash; /* XXH3-64 of the document's text */
    ndup_text source;   /* borrowed from the texts */
} ndup_form_text;

/* The distinct texts of a part. Threads: immutable. */
typedef struct ndup_form_texts ndup_form_texts;

/* Reads a part of a corpus: documents such that none outside has a key in common with one of them
 * (ndup_text_keys), so that its buckets are those of the corpus. Cost: the first pass of
 * ndup_dedup. Errors: as ndup_dedup. */
NDUP_API NDUP_NODISCARD ndup_status ndup_form_texts_find(ndup_form_texts **texts,
                                                         ndup_corpus *corpus,
                                                         const ndup_dedup_options *options,
                                                         const ndup_hooks *hooks,
                                                         ndup_error *error);
/* NULL is allowed. */
NDUP_API void ndup_form_texts_free(ndup_form_texts *texts);
NDUP_API size_t ndup_form_texts_count(const ndup_form_texts *texts);
/* Text i < ndup_form_texts_count. */
NDUP_API void ndup_form_texts_get(const ndup_form_texts *texts, size_t i, ndup_form_text *text);

/* The source of a document whose fields source and url are these: the first, or the host of the
 * second, up to 200 bytes. Borrowed from them. Threads: immutable. */
NDUP_API ndup_text ndup_source_name(ndup_text source, ndup_text url);

/* XXH3-64 of a text's bytes, as in verdicts. Threads: immutable. */
NDUP_API uint64_t ndup_text_hash(ndup_text text);

/* The shingles of a text that are counted, some 96 to 191: those of the least hashes. Each is added
 * to the counter of the highest bits of hash * NDUP_FORM_COUNTER_FACTOR. Result: borrowed until the
 * reader's next text. Empty: none, as where there are no words or more than 2^20. Errors: INVALID,
 * MEMORY, LIMIT for 4 GiB or more. */
#define NDUP_FORM_COUNTER_FACTOR UINT64_C(0x9E3779B97F4A7C15)
NDUP_API NDUP_NODISCARD ndup_status ndup_text_form_shingles(const uint64_t **shingles,
                                                            size_t *count, ndup_text_reader *reader,
                                                            ndup_text text, ndup_error *error);

/* Logarithm of the number of counters for so many members of the whole corpus: 16 to 27. */
NDUP_API unsigned ndup_form_counter_bits(uint64_t members);

/* Counts of a whole corpus, for ndup_dedup_options.frequencies: counters is [2^bits], of members
 * and others together, and 0 where no member has any; copied. Errors: INVALID for other bits than
 * ndup_form_counter_bits gives, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status
ndup_corpus_frequencies_new(ndup_corpus_frequencies **frequencies, const uint8_t *counters,
                            unsigned bits, const ndup_allocator *allocator, ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
