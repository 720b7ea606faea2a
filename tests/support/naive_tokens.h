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
} naive_token;

/* Writes the tokens of a text and returns how many; `out` has room for 2 * NDUP__FOLD_MAX * length
 * of them. Rows of more than 32 marks with an order are not done as the library does them. */
size_t naive_tokenize(naive_token *out, ndup__token_mode mode, const char *text, size_t length);

/* Writes the hashes of the numbers of a text and returns how many; `out` as above. */
size_t naive_numbers(uint64_t *out, const char *text, size_t length);

/* How many U+FFFD a text has, those that stand for damage among them. */
uint64_t naive_damage(const char *text, size_t length);

#endif
