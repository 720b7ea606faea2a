/* SPDX-License-Identifier: MIT */
/* Sorting the entries of a table by their keys. */
#ifndef NDUP__STORE_SORT_ENTRIES_H
#define NDUP__STORE_SORT_ENTRIES_H

#include <stddef.h>
#include <stdint.h>

/* Sorts keys[count], fewer than 2^32, each with its number, so that what has one key keeps its
 * order: numbers that ascend before do so within a key. scratch[count] is overwritten. Fastest
 * where keys are spread evenly; linear with any. Threads: no shared state. */
void ndup__sort_entries(uint32_t *keys, uint32_t *numbers, size_t count, uint64_t *scratch);

#endif
