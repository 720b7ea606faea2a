/* SPDX-License-Identifier: MIT */
/* The folded bytes of tokens, for texts that do not come as a stream of them. */
#ifndef NDUP__TEXT_TOKEN_BYTES_H
#define NDUP__TEXT_TOKEN_BYTES_H

#include "text/tokenize.h"

/* Fills tokens->bytes with the tokens of a text in a mode, which has to be the one that they were
 * found in. Words that meet within one code point (x and y with one half between them) come with
 * more bytes than they have: such texts look less alike here than they are. Cost: some 50 ns a
 * token. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__token_bytes(ndup__tokens *tokens, ndup__token_mode mode,
                                             const char *text, size_t length, ndup_error *error);

#endif
