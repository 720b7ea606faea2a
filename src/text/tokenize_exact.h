/* SPDX-License-Identifier: MIT */
/* Text to token hashes with nothing folded and every mark counted. */
#ifndef NDUP__TEXT_TOKENIZE_EXACT_H
#define NDUP__TEXT_TOKENIZE_EXACT_H

#include <stddef.h>

#include "neardup/status.h"
#include "text/fold.h"
#include "text/tokens.h"

/* Appends the tokens of a text in EXACT mode (tokenize.h). White space parts tokens, and only that
 * is dropped. Letters and numbers join runs; single characters (fold.h) and all others, which are
 * marks of punctuation, signs and pictures, are a token each. What vanishes or is a mark when
 * folded (accents, joiners) belongs to the token before it. Tokens are hashed as they stand:
 * composed and decomposed forms differ. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__tokenize_exact(ndup__tokens *tokens, const char *text,
                                                size_t length, ndup_error *error);

/* The part a code point plays in EXACT mode: BREAK for white space alone. */
ndup__token_class ndup__exact_class(uint32_t code_point);

#endif
