/* SPDX-License-Identifier: MIT */
/* Which tokens of a folded stream hold a decimal digit. */
#ifndef NDUP__TEXT_TOKEN_NUMBERS_H
#define NDUP__TEXT_TOKEN_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* Copies the hashes of the tokens with a digit (general category Nd) to `numbers`, in text order,
 * and returns how many. `tokens` is what token_hash (kernel.h) made `hashes` from: folded tokens
 * between zero bytes, beginning with one or the other, and at least 8 readable zero bytes behind
 * the end. Shapes: numbers has room for all hashes. */
size_t ndup__token_numbers(uint64_t *numbers, const uint64_t *hashes, const char *tokens,
                           size_t length);

#endif
