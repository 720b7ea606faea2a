/* SPDX-License-Identifier: MIT */
/* Keys are scattered by their high bits until a partition fits the second-level cache. There most
 * of them are found to have nothing like them by two bits each, and the others are looked up in a
 * small hash table. Keys that were made to share their bits lose no more than these shortcuts:
 * there is one partition, of which all are looked up. */
#include "base/key_groups.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

/* Items of a partition: 8 bytes of entry and 16 of table each stay within half a megabyte. */
#define PARTITION_ITEMS 16384
#define PARTITION_BITS_MOST 12
/* Bits of the filter for each item of a partition: one in sixteen seems to have an equal. */
#define FILTER_BITS 16

typedef struct ndup__key_entry {
    uint32_t key;
    uint32_t item;
} entry;

typedef struct ndup__key_slot {
    uint32_t place; /* 1 + place in the partition; 0: free */
    uint32_t mark;  /* of the visitor */
} slot;

static unsigned partition_bits(size_t count)
{
    unsigned bits = 0;
    while (bits < PARTITION_BITS_MOST && count >> bits > PARTITION_ITEMS) {
        bits++;
    }
    return bits;
}

static size_t partition_of(uint32_t key, unsigned bits)
{
    return (size_t)((uint64_t)key >> (32 - bits));
}

/* Counting sort by partition: starts[p]..starts[p + 1] are the entries of partition p. */
static void scatter(entry *entries, size_t *starts, const uint32_t *keys, const uint32_t *present,
                    size_t count, unsigned bits)
{
    size_t partitions = (size_t)1 << bits;
    memset(starts, 0, (partitions + 2) * sizeof *starts);
    size_t *next = starts + 1; /* where the next entry goes; in the end the start of the next */
    for (size_t i = 0; i < count; i++) {
        next[partition_of(keys[i], bits) + 1] += present == NULL || present[i] != 0;
    }
    for (size_t p = 0; p < partitions; p++) {
        next[p + 1] += next[p];
    }
    for (size_t i = 0; i < count; i++) {
        if (present == NULL || present[i] != 0) {
            entries[next[partition_of(keys[i], bits)]++] = (entry){keys[i], (uint32_t)i};
        }
    }
}

/* Looks an entry up and leaves it in the table if there is none like it. The multiplier is odd and
 * nobody's who prepares keys; it makes a slot for less than a whole hash would. */
static ndup_status enter(slot *slots, size_t mask, uint64_t multiplier, const entry *entries,
                         size_t place, ndup__equal_visitor visit, void *context, ndup_error *error)
{
    uint32_t key = entries[place].key;
    size_t at = (size_t)(key * multiplier >> 32) & mask;
    for (; slots[at].place != 0; at = (at + 1) & mask) {
        const entry *first = &entries[slots[at].place - 1];
        if (first->key == key) {
            bool differs = false;
            ndup_status status =
                visit(context, first->item, entries[place].item, &slots[at].mark, &differs, error);
            if (status != NDUP_STATUS_OK || !differs) {
                return status;
            }
        }
    }
    slots[at].place = (uint32_t)place + 1;
    return NDUP_STATUS_OK;
}

/* Moves the entries whose low bits occur twice to the front, in order, without a branch on what
 * cannot be predicted; *items becomes their number. */
static ndup_status keep_shared(ndup__key_groups *space, entry *entries, size_t *items,
                               ndup_error *error)
{
    size_t count = *items;
    size_t bits = 64;
    while (bits < FILTER_BITS * count) {
        bits *= 2;
    }
    size_t words = bits / 64;
    ndup_status status = ndup__reserve(space->allocator, &space->filter, &space->filter_capacity,
                                       2 * words, sizeof *space->filter, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *once = space->filter;
    uint64_t *twice = once + words;
    memset(once, 0, 2 * words * sizeof *once);
    for (size_t i = 0; i < count; i++) {
        size_t bit = entries[i].key & (bits - 1);
        uint64_t one = (uint64_t)1 << (bit % 64);
        twice[bit / 64] |= once[bit / 64] & one;
        once[bit / 64] |= one;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t bit = entries[i].key & (bits - 1);
        entries[kept] = entries[i];
        kept += twice[bit / 64] >> (bit % 64) & 1;
    }
    *items = kept;
    return NDUP_STATUS_OK;
}

static ndup_status visit_partition(ndup__key_groups *space, entry *entries, size_t count,
                                   ndup__equal_visitor visit, void *context, ndup_error *error)
{
    size_t size = 16;
    uint64_t multiplier = ndup__slot_key() | 1;
    ndup_status status = keep_shared(space, entries, &count, error);
    while (size < 2 * count) {
        size *= 2;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(space->allocator, &space->slots, &space->slot_capacity, size,
                               sizeof *space->slots, error);
    }
    if (status == NDUP_STATUS_OK) {
        memset(space->slots, 0, size * sizeof *space->slots);
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = enter(space->slots, size - 1, multiplier, entries, i, visit, context, error);
    }
    return status;
}

ndup_status ndup__key_groups_visit(ndup__key_groups *space, const uint32_t *keys,
                                   const uint32_t *present, size_t count, ndup__equal_visitor visit,
                                   void *context, ndup_error *error)
{
    size_t starts[((size_t)1 << PARTITION_BITS_MOST) + 2];
    if (count == 0) {
        return NDUP_STATUS_OK;
    }
    unsigned bits = partition_bits(count);
    size_t had = space->entry_capacity;
    ndup_status status = ndup__reserve(space->allocator, &space->entries, &space->entry_capacity,
                                       count, sizeof *space->entries, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (space->entry_capacity > had) { /* filled all over, partition by partition */
        ndup__hint_soon(space->entries, count * sizeof *space->entries);
    }
    scatter(space->entries, starts, keys, present, count, bits);
    for (size_t p = 0; p < (size_t)1 << bits && status == NDUP_STATUS_OK; p++) {
        status = visit_partition(space, space->entries + starts[p], starts[p + 1] - starts[p],
                                 visit, context, error);
    }
    return status;
}

void ndup__key_groups_deinit(ndup__key_groups *space)
{
    ndup__free(space->allocator, &space->entries, space->entry_capacity, sizeof *space->entries);
    ndup__free(space->allocator, &space->slots, space->slot_capacity, sizeof *space->slots);
    ndup__free(space->allocator, &space->filter, space->filter_capacity, sizeof *space->filter);
    space->entry_capacity = space->slot_capacity = space->filter_capacity = 0;
}
