/* SPDX-License-Identifier: MIT */
/* What the library promises, worked out by the plainest code: strings, sorting, all pairs. */
#ifndef TEST_SUPPORT_NAIVE_H
#define TEST_SUPPORT_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/preset.h"

/* One text taken apart. Strings are numbered in byte order over the whole corpus, so that equal
 * numbers are equal strings. */
typedef struct naive_document {
    const char *text; /* borrowed */
    size_t length;
    uint32_t *tokens; /* [token_count] in text order */
    size_t token_count;
    uint32_t *shingles; /* [shingle_count] ascending, without repeats */
    size_t shingle_count;
    uint32_t
        *numbers; /* [number_count] tokens of digits (made words mix none), ascending, repeated */
    size_t number_count;
} naive_document;

typedef struct naive_corpus {
    naive_document *items;
    size_t count;
} naive_corpus;

/* Takes ASCII texts apart: tokens are lower-case runs of letters and digits, or, for CHARACTERS,
 * their single letters with one space between runs; shingles are shingle_size tokens joined. */
void naive_corpus_init(naive_corpus *self, const char *const *texts, const size_t *lengths,
                       size_t count, const ndup_matching *matching);
void naive_corpus_deinit(naive_corpus *self);

/* How two documents compare. number_agreement is 1 where the rule about numbers does not apply. */
typedef struct naive_comparison {
    size_t shared;
    double similarity;
    double containment_a;
    double containment_b;
    double number_agreement;
    bool same_bytes;
    bool same_tokens; /* of texts without tokens: the same bytes */
} naive_comparison;

bool naive_same_tokens(const naive_corpus *self, size_t a, size_t b);
naive_comparison naive_compare(const naive_corpus *self, size_t a, size_t b);

/* Whether b may be dropped for a: the same text, or near enough with numbers that agree. */
bool naive_is_duplicate(const naive_corpus *self, size_t a, size_t b,
                        const ndup_matching *matching);

/* The greedy leader rule over all pairs: order[] lists the documents in keep order; those with
 * protections[] are kept whatever they are like. Fills kept[]. */
void naive_leaders(bool *kept, const naive_corpus *self, const size_t *order,
                   const bool *protections, const ndup_matching *matching);

/* firsts[d]: the first document in keep order of d's connected component. */
void naive_components(size_t *firsts, const naive_corpus *self, const size_t *order,
                      const ndup_matching *matching);

/* Length of the longest run of tokens that stands in both, by the table of all common suffixes. */
size_t naive_longest_run(const naive_document *a, const naive_document *b);

/* Whether the run a[start..start+length) of tokens stands somewhere in b. */
bool naive_has_run(const naive_document *a, size_t start, size_t length, const naive_document *b);

/* Tokens that begin in text[0..offset). */
size_t naive_tokens_before(const char *text, size_t offset);

#endif
