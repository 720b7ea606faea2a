/* SPDX-License-Identifier: MIT */
/* Text to token hashes. */
#ifndef NDUP__TEXT_TOKENIZE_H
#define NDUP__TEXT_TOKENIZE_H

#include <stdbool.h>

#include "neardup/preset.h"
#include "neardup/status.h"
#include "text/tokens.h"

typedef enum ndup__token_mode {
    NDUP__TOKEN_WORDS, /* fold.h: runs of letters and numbers, single ideographs and the like */
    NDUP__TOKEN_CHARACTERS, /* every folded base character with its marks is a token; one space
                               between words */
    NDUP__TOKEN_EXACT,      /* nothing is folded, and everything but white space is part of a token:
                               words, single ideographs and the like, and each other character */
    NDUP__TOKEN_CODE,       /* words of what counts of source code (counted_text.h) */
    NDUP__TOKEN_POSTS       /* words of what counts of a post */
} ndup__token_mode;

/* Modes for looking past damage and changed lines: a few other tokens say nothing there. */
static inline bool ndup__token_mode_is_lax(ndup__token_mode mode)
{
    return mode == NDUP__TOKEN_CHARACTERS || mode == NDUP__TOKEN_CODE;
}

static inline ndup__token_mode ndup__token_mode_of(ndup_token_mode tokens)
{
    static const ndup__token_mode modes[] = {
        [NDUP_TOKEN_WORDS] = NDUP__TOKEN_WORDS, [NDUP_TOKEN_CHARACTERS] = NDUP__TOKEN_CHARACTERS,
        [NDUP_TOKEN_EXACT] = NDUP__TOKEN_EXACT, [NDUP_TOKEN_CODE] = NDUP__TOKEN_CODE,
        [NDUP_TOKEN_POSTS] = NDUP__TOKEN_POSTS,
    };
    return modes[tokens];
}

/* Replaces the contents of `tokens` by the tokens of text[0..length). In CHARACTERS mode the token
 * for the gap between two words is the character U+0020. The numbers are the same in all modes
 * (text_numbers.h) but CODE and POSTS, which have those of what counts. Cost: linear; no allocation
 * once the arrays have grown. Errors: MEMORY; LIMIT for a text of 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__tokenize(ndup__tokens *tokens, ndup__token_mode mode,
                                          const char *text, size_t length, ndup_error *error);

/* Replaces the contents of `tokens` by the tokens in WORDS mode of each unit of the text, one unit
 * after the other. Faster than unit by unit; without offsets and numbers. Shapes: ends[count].
 * Errors: MEMORY; LIMIT for units of 4 GiB or more in all. */
NDUP_NODISCARD ndup_status ndup__tokenize_units(ndup__tokens *tokens, ndup__unit_end *ends,
                                                const char *text, const ndup_unit *units,
                                                size_t count, ndup_error *error);

void ndup__tokens_deinit(ndup__tokens *tokens);

#endif
