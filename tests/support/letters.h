/* SPDX-License-Identifier: MIT */
/* Seeded made-up texts in several scripts, for measurements: letters and breaks as often as in
 * running text, without meaning. */
#ifndef TEST_SUPPORT_LETTERS_H
#define TEST_SUPPORT_LETTERS_H

#include <stddef.h>

#include "support/random.h"

/* Appends one letter or word break, at most LETTER_BYTES_MAX bytes, and says how many. */
typedef size_t letter_writer(char *out, test_random *random);
#define LETTER_BYTES_MAX 8

letter_writer letters_ascii;
letter_writer letters_latin; /* one letter of six is beyond ASCII */
letter_writer letters_cyrillic;
letter_writer letters_cjk;
letter_writer letters_thai; /* a consonant, every third with a vowel or tone mark */

/* Fills out[0..wanted) and at most LETTER_BYTES_MAX - 1 bytes more, with whole characters; returns
 * the length. */
size_t letters_fill(char *out, size_t wanted, letter_writer *put, unsigned seed);

#endif
