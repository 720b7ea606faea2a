/* SPDX-License-Identifier: MIT */
/* Where given tokens of a text stand, for the few that someone asks about. */
#ifndef NDUP__TEXT_LOCATE_H
#define NDUP__TEXT_LOCATE_H

#include "text/tokenize.h"

/* The byte offsets of the beginning of token `first` and of the end of token `last` >= first, both
 * counted from 0 and below the number of tokens of the text. The contents of `tokens` are lost,
 * what it wants is left as it is. Cost: that of counting tokens up to `last`. Errors: those of
 * ndup__tokenize. */
NDUP_NODISCARD ndup_status ndup__tokens_locate(uint32_t *start, uint32_t *end, ndup__tokens *tokens,
                                               ndup__token_mode mode, const char *text,
                                               size_t length, size_t first, size_t last,
                                               ndup_error *error);

#endif
