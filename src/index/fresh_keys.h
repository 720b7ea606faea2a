/* SPDX-License-Identifier: MIT */
/* Keys of documents that no segment holds yet, in memory. */
#ifndef NDUP__INDEX_FRESH_KEYS_H
#define NDUP__INDEX_FRESH_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A key of a table that a number has, and the place of the next older one. */
typedef struct ndup__fresh_key {
    uint32_t table;
    uint32_t key;
    uint32_t number;
    uint32_t older; /* 1 + place; 0: none */
} ndup__fresh_key;

/* Zero-initialise and set the allocator. Memory: 24 bytes a key. Threads: one changes it, or any
 * ask. */
typedef struct ndup__fresh_keys {
    const ndup_allocator *allocator;
    ndup__fresh_key *keys; /* [count] in the order in which they came */
    size_t count, capacity;
    uint32_t *newest; /* [slot_count] 1 + place of the newest key of a slot; 0: none */
    size_t slot_count;
} ndup__fresh_keys;

/* Errors: MEMORY; LIMIT for 2^32 keys. */
NDUP_NODISCARD ndup_status ndup__fresh_keys_add(ndup__fresh_keys *fresh, uint32_t table,
                                                uint32_t key, uint32_t number, ndup_error *error);

/* Takes back the keys that came last, so that `count` are left. */
void ndup__fresh_keys_take_back(ndup__fresh_keys *fresh, size_t count);

/* The numbers of a key, newest first: *at is 0 before the first call, and again behind the last.
 * Returns 0 then; no document has that number. */
uint32_t ndup__fresh_keys_next(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key,
                               uint32_t *at);

/* Where a slot's keys are asked for soon. */
void ndup__fresh_keys_prefetch(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key);
void ndup__fresh_keys_deinit(ndup__fresh_keys *fresh);

#endif
