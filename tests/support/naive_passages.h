/* SPDX-License-Identifier: MIT */
/* What two texts share, by the plainest code: all runs of equal strings, from every pair of places.
 */
#ifndef TEST_SUPPORT_NAIVE_PASSAGES_H
#define TEST_SUPPORT_NAIVE_PASSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/corpus_make.h"

/* A word of ASCII letters and digits counts 4, an ideograph or kana 2, a Thai letter, with the
 * vowel that stands on it, 1. */
typedef struct naive_word {
    const char *bytes; /* lower case; free() */
    size_t start, end; /* in the text */
    unsigned weight;
    uint32_t number; /* equal numbers are equal bytes, in all texts */
} naive_word;

typedef struct naive_text {
    naive_word *words;
    size_t count;
    const char *source; /* borrowed; "" = none */
    bool is_against;
} naive_text;

/* The documents of one or two corpora, one after another. Texts are of ASCII, CJK ideographs, kana
 * and Thai letters, with vowels U+0E34 to U+0E37. */
typedef struct naive_texts {
    naive_text *items;
    size_t count;
} naive_texts;

void naive_texts_init(naive_texts *self, const made_corpus *corpus, const made_corpus *against);
void naive_texts_deinit(naive_texts *self);

/* Words [a, a + words) of one text are words [b, b + words) of the other, and neither can be
 * longer. */
typedef struct naive_run {
    size_t a, b, words;
    unsigned weight;
    bool is_mixed; /* words of several weights */
} naive_run;

/* Writes the maximal runs that count `weight` or more, by a, then b; free() them. Returns how many.
 */
size_t naive_runs(naive_run **runs, const naive_text *a, const naive_text *b, unsigned weight);

/* Whether words [i, i + words) of one text are words [k, k + words) of another. */
bool naive_same_words(const naive_text *a, size_t i, const naive_text *b, size_t k, size_t words);

/* The most that stands in the same order in words [a, a + a_words) and [b, b + b_words). */
size_t naive_common_words(const naive_text *a, size_t i, size_t a_words, const naive_text *b,
                          size_t k, size_t b_words);

#endif
