/* SPDX-License-Identifier: MIT */
/* Words that look the same to the hash of a known seed: what somebody makes who means harm. */
#ifndef TEST_SUPPORT_FORGE_H
#define TEST_SUPPORT_FORGE_H

#include <stddef.h>
#include <stdint.h>

#define FORGED_BYTES 17 /* sixteen letters and a zero byte */

typedef struct forged_pair {
    char words[2][FORGED_BYTES];
} forged_pair;

/* Fills pairs[count], count <= 100, with unlike words of the same hash; all words are distinct. */
void forge_words(forged_pair *pairs, size_t count, uint64_t seed);

/* Joins one word of each pair: which = 0 or 1. The text lives until the next call with the same
 * `which`. */
const char *forged_text(const forged_pair *pairs, size_t count, unsigned which);

#endif
