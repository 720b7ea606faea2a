/* SPDX-License-Identifier: MIT */
/* Tokens by the plainest code that follows the definitions: no fast path, no chunk, no reuse. */
#ifndef TEST_SUPPORT_NAIVE_TOKENS_H
#define TEST_SUPPORT_NAIVE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/tokenize.h"

typedef struct naive_token {
    uint64_t hash;
    size_t start;
    size_t end;
    bool is_number;
} naive_token;

/* Writes the tokens of a text and returns how many; `out` has room for 2 * NDUP__FOLD_MAX * length
 * of them. Rows of more than 32 marks with an order are not done as the library does them. */
size_t naive_tokenize(naive_token *out, ndup__token_mode mode, const char *text, size_t length);

#endif
