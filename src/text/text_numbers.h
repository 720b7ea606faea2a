/* SPDX-License-Identifier: MIT */
/* The numbers of a text: its runs of decimal digits. */
#ifndef NDUP__TEXT_TEXT_NUMBERS_H
#define NDUP__TEXT_TEXT_NUMBERS_H

#include <stddef.h>

#include "neardup/status.h"
#include "text/tokens.h"

/* Replaces the numbers of `tokens` by those of a text: each longest run of digits in its words
 * (WORDS mode of tokenize.h, whatever mode is wanted), hashed as if it were a token; of a word with
 * more than NDUP__NUMBERS_MOST (kernel.h) only the first. What vanishes does not end a run. The
 * same as token_numbers does with folded tokens. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__text_numbers(ndup__tokens *tokens, const char *text, size_t length,
                                              ndup_error *error);

#endif
