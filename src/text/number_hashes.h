/* SPDX-License-Identifier: MIT */
/* Which tokens of a folded stream hold a decimal digit. */
#ifndef NDUP__TEXT_NUMBER_HASHES_H
#define NDUP__TEXT_NUMBER_HASHES_H

#include <stddef.h>
#include <stdint.h>

/* Copies the hashes of the tokens with a digit (general category Nd) to `numbers`, in text order,
 * and returns how many. `tokens` is what token_hash (kernel.h) made `hashes` from: folded tokens
 * between zero bytes, beginning with one or the other, and NDUP__TOKEN_PADDING zero bytes behind
 * the end. Shapes: numbers has room for all hashes. */
size_t ndup__number_hashes(uint64_t *numbers, const uint64_t *hashes, const char *tokens,
                           size_t length);

#endif
