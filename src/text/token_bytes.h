/* SPDX-License-Identifier: MIT */
/* Text to token hashes and the bytes that they stand for. */
#ifndef NDUP__TEXT_TOKEN_BYTES_H
#define NDUP__TEXT_TOKEN_BYTES_H

#include "text/tokenize.h"

/* Does what ndup__tokenize does and fills tokens->bytes. They come cheaply in WORDS mode without
 * offsets; otherwise the text is read twice, the second time at some 20 ns a character. Errors:
 * MEMORY; LIMIT for a text of 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__tokenize_bytes(ndup__tokens *tokens, ndup__token_mode mode,
                                                const char *text, size_t length, ndup_error *error);

#endif
