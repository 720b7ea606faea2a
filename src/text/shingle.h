/* SPDX-License-Identifier: MIT */
/* Token hashes to shingle hashes. */
#ifndef NDUP__TEXT_SHINGLE_H
#define NDUP__TEXT_SHINGLE_H

#include <stddef.h>
#include <stdint.h>

#define NDUP__SHINGLE_SIZE_MAX 64

/* How many shingles `tokens` tokens give: 0 for none, 1 for up to `size`, else tokens - size + 1.
 */
size_t ndup__shingle_count(size_t tokens, unsigned size);

/* Writes the shingle hashes in text order, repeats included; `shingles` has room for
 * ndup__shingle_count. Fewer than `size` tokens give one shingle of all of them. Source: Broder
 * 1997. */
void ndup__shingle(uint64_t *shingles, const uint64_t *tokens, size_t count, unsigned size);

/* Sorts and removes repeats in place; `scratch` has room for `count`, which is below 2^32. Returns
 * how many are left. Cost: linear, about one distribution when the values are uniform; 30 KB of
 * stack. */
size_t ndup__sort_distinct(uint64_t *hashes, uint64_t *scratch, size_t count);

/* The same, but keeps repeats. */
void ndup__sort_hashes(uint64_t *hashes, uint64_t *scratch, size_t count);

#endif
