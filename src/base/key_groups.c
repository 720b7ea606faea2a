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
#define PARTITIONS_A_BREATH 4
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

/* Which items there are: those with a present[] other than 0, of one part of the keys. */
typedef struct key_items {
    const uint32_t *keys;
    const uint32_t *present; /* NULL: all */
    size_t count;
    ndup__key_part part;
} key_items;

static inline bool is_there(const key_items *items, size_t i)
{
    return (items->present == NULL || items->present[i] != 0) &&
           (uint64_t)items->keys[i] >> (32 - items->part.bits) == items->part.number;
}

/* Partitions go by the bits behind those of the part. */
static inline size_t partition_of(const key_items *items, size_t i, unsigned bits)
{
    return (size_t)((uint64_t)(items->keys[i] << items->part.bits) >> (32 - bits));
}

/* starts[p + 1]..starts[p + 2] become the places of the entries of partition p; returns how many
 * there are in all. */
static size_t count_partitions(size_t *starts, const key_items *items, unsigned bits,
                               const ndup__breath *breath)
{
    size_t partitions = (size_t)1 << bits;
    memset(starts, 0, (partitions + 2) * sizeof *starts);
    for (size_t i = 0; i < items->count; i++) {
        ndup__breathe_at(breath, i, NDUP__BREATH_IN_ORDER);
        starts[partition_of(items, i, bits) + 2] += is_there(items, i);
    }
    for (size_t p = 0; p < partitions; p++) {
        starts[p + 2] += starts[p + 1];
    }
    return starts[partitions + 1];
}

/* Counting sort by partition: in the end starts[p]..starts[p + 1] are the entries of partition p.
 */
static void scatter(entry *entries, size_t *starts, const key_items *items, unsigned bits,
                    const ndup__breath *breath)
{
    size_t *next = starts + 1; /* where the next entry goes; in the end the start of the next */
    for (size_t i = 0; i < items->count; i++) {
        ndup__breathe_at(breath, i, NDUP__BREATH_IN_ORDER);
        if (is_there(items, i)) {
            entries[next[partition_of(items, i, bits)]++] = (entry){items->keys[i], (uint32_t)i};
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

/* Parts are about as large, but not just: what the last one had is not kept. */
static ndup_status reserve_entries(ndup__key_groups *space, size_t count, ndup_error *error)
{
    if (count <= space->entry_capacity) {
        return NDUP_STATUS_OK;
    }
    ndup__free(space->allocator, &space->entries, space->entry_capacity, sizeof *space->entries);
    space->entry_capacity = 0;
    size_t wanted = count + count / 32;
    ndup_status status =
        ndup__resize(space->allocator, &space->entries, 0, wanted, sizeof *space->entries, error);
    if (status == NDUP_STATUS_OK) { /* filled all over, partition by partition */
        space->entry_capacity = wanted;
        ndup__hint_soon(space->entries, count * sizeof *space->entries);
    }
    return status;
}

unsigned ndup__key_part_bits(size_t count, uint64_t bytes)
{
    unsigned bits = 0;
    while (bits < NDUP__KEY_PART_BITS && (count * sizeof(entry)) >> bits > bytes) {
        bits++;
    }
    return bits;
}

ndup_status ndup__key_groups_visit_part(ndup__key_groups *space, ndup__key_part part,
                                        const uint32_t *keys, const uint32_t *present, size_t count,
                                        ndup__equal_visitor visit, void *context, ndup_error *error)
{
    size_t starts[((size_t)1 << PARTITION_BITS_MOST) + 2];
    const key_items items = {keys, present, count, part};
    if (count == 0) {
        return NDUP_STATUS_OK;
    }
    unsigned bits = partition_bits(count >> part.bits);
    size_t found = count_partitions(starts, &items, bits, space->breath);
    ndup_status status = reserve_entries(space, found, error);
    if (status != NDUP_STATUS_OK || found == 0) {
        return status;
    }
    scatter(space->entries, starts, &items, bits, space->breath);
    for (size_t p = 0; p < (size_t)1 << bits && status == NDUP_STATUS_OK; p++) {
        status = visit_partition(space, space->entries + starts[p], starts[p + 1] - starts[p],
                                 visit, context, error);
        ndup__breathe_at(space->breath, p, PARTITIONS_A_BREATH);
    }
    return status;
}

ndup_status ndup__key_groups_visit(ndup__key_groups *space, const uint32_t *keys,
                                   const uint32_t *present, size_t count, ndup__equal_visitor visit,
                                   void *context, ndup_error *error)
{
    return ndup__key_groups_visit_part(space, (ndup__key_part){0}, keys, present, count, visit,
                                       context, error);
}

void ndup__key_groups_deinit(ndup__key_groups *space)
{
    ndup__free(space->allocator, &space->entries, space->entry_capacity, sizeof *space->entries);
    ndup__free(space->allocator, &space->slots, space->slot_capacity, sizeof *space->slots);
    ndup__free(space->allocator, &space->filter, space->filter_capacity, sizeof *space->filter);
    space->entry_capacity = space->slot_capacity = space->filter_capacity = 0;
}
