/* SPDX-License-Identifier: MIT */
/* How crowded a hash table is, counted, and names that were made to crowd one. */
#ifndef TEST_SUPPORT_SLOTS_H
#define TEST_SUPPORT_SLOTS_H

#include <stddef.h>
#include <stdint.h>

/* The longest run of slots in use, which is the most that one probe of an absent key looks at.
 * Slots whose bytes are all zero are free. Half full, it stays near 50 whatever the size; where all
 * keys have one place it is as long as there are keys. */
size_t test_longest_run(const void *slots, size_t slot_bytes, size_t count);

/* Shifts of 0, 1, 2, ...: numbers that share their top bits, their low ones, or both. */
extern const unsigned test_crowding_shifts[5];

enum { TEST_NAME_BYTES = 24, TEST_NAMES_SHARE_BITS = 11 };

/* Writes the next name after number *last whose XXH3 hash of seed 0 ends in TEST_NAMES_SHARE_BITS
 * zeros. Returns its length. */
size_t test_crowding_name(char name[TEST_NAME_BYTES], uint64_t *last);

#endif
