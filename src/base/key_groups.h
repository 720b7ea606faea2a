/* SPDX-License-Identifier: MIT */
/* Finding equal keys among many: a radix partition, then hash tables that fit the cache. */
#ifndef NDUP__BASE_KEY_GROUPS_H
#define NDUP__BASE_KEY_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/breath.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* Work space, reused from call to call. Zero-initialise and set the allocator, and a breath that is
 * taken every now and then. Threads: single-owner. */
typedef struct ndup__key_groups {
    const ndup_allocator *allocator;
    const ndup__breath *breath;
    struct ndup__key_entry *entries;
    size_t entry_capacity;
    struct ndup__key_slot *slots;
    size_t slot_capacity;
    uint64_t *filter;
    size_t filter_capacity;
} ndup__key_groups;

/* Called for an item whose key another one before it has. `first` is the first item with the key
 * that was not told apart from it; *mark is 0 at the first call for `first` and kept until the last
 * one. Setting *differs tells the two apart: the search goes on, and without another item that is
 * like it, the item becomes a first one itself. */
typedef ndup_status (*ndup__equal_visitor)(void *context, uint32_t first, uint32_t item,
                                           uint32_t *mark, bool *differs, ndup_error *error);

/* Visits equal keys among keys[count], partition by partition; within one, items ascend. It is
 * fastest where keys are evenly spread over 32 bits. Items i with present[i] == 0 are left out;
 * present NULL leaves out none. Cost: 8 bytes of work space an item, linear time. Errors: MEMORY,
 * the visitor's. */
NDUP_NODISCARD ndup_status ndup__key_groups_visit(ndup__key_groups *space, const uint32_t *keys,
                                                  const uint32_t *present, size_t count,
                                                  ndup__equal_visitor visit, void *context,
                                                  ndup_error *error);
/* The keys whose first `bits` bits (at most NDUP__KEY_PART_BITS) are `number`. */
typedef struct ndup__key_part {
    unsigned bits;
    uint32_t number;
} ndup__key_part;

#define NDUP__KEY_PART_BITS 16

/* The fewest bits of parts that have `bytes` of work space, for keys that are evenly spread. */
unsigned ndup__key_part_bits(size_t count, uint64_t bytes);

/* The same for the keys of one part, with work space for these alone: all parts, one after another,
 * visit what ndup__key_groups_visit does. */
NDUP_NODISCARD ndup_status ndup__key_groups_visit_part(ndup__key_groups *space, ndup__key_part part,
                                                       const uint32_t *keys,
                                                       const uint32_t *present, size_t count,
                                                       ndup__equal_visitor visit, void *context,
                                                       ndup_error *error);
void ndup__key_groups_deinit(ndup__key_groups *space);

#endif
