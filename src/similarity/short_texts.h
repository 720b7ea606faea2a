/* SPDX-License-Identifier: MIT */
/* Whether two short texts say the same: a ruling and its opposite differ in one word of twenty. */
#ifndef NDUP__SIMILARITY_SHORT_TEXTS_H
#define NDUP__SIMILARITY_SHORT_TEXTS_H

#include <stdbool.h>

#include "neardup/preset.h"
#include "similarity/same_tokens.h"
#include "text/tokenize.h"

/* True in CHARACTERS and CODE mode, which are for looking past damage and changed lines, and where
 * both texts have NDUP_SHORT_TOKENS tokens or more; else whether the one with fewer stands in the
 * other, token for token but for slips: two words of at least four characters, none a digit, that
 * differ in one character put in, left out or replaced, or in two that changed places. Cost: the
 * product of the lengths at worst, of which one is below NDUP_SHORT_TOKENS. */
bool ndup__short_texts_agree(const ndup__token_text *a, const ndup__token_text *b,
                             ndup__token_mode mode);

/* The same where only hashes of tokens are known, by which no slip can be told: every word counts.
 */
bool ndup__short_hashes_agree(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                              ndup__token_mode mode);

#endif
