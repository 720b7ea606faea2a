/* SPDX-License-Identifier: MIT */
/* Two tables of 32-bit places that fit the first-level cache for most texts. A shingle whose slot
 * of the first is taken waits; if another shingle has taken it, it goes to the second table, which
 * is probed slot by slot. So the loop over all shingles has no branch that depends on them, and
 * that over the rest is short. */
#include "similarity/shingle_index.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

#define BLOCK 64 /* shingles between looks at whether `least` is still in reach */

static ndup_status reserve(ndup__shingle_index *index, size_t slots, size_t count,
                           ndup_error *error)
{
    ndup_status status = ndup__reserve(index->allocator, &index->slots, &index->slot_capacity,
                                       2 * slots, sizeof *index->slots, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->nexts, &index->next_capacity, count + 1,
                               sizeof *index->nexts, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->is_repeat, &index->repeat_capacity,
                               count + 1, sizeof *index->is_repeat, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->waiting, &index->waiting_capacity,
                               count + 1, sizeof *index->waiting, error);
    }
    return status;
}

/* The slot of a shingle: that which holds its first place, or the empty one where it would go. */
static inline size_t find_slot(const ndup__shingle_index *index, uint64_t shingle)
{
    uint64_t product = shingle * index->multiplier;
    size_t at = (size_t)(product >> index->shift);
    const uint32_t *slots = index->slots;
    if (slots[at] == 0 || index->shingles[slots[at] - 1] == shingle) {
        return at;
    }
    size_t count = (size_t)1 << (64 - index->shift);
    /* The low bits of a product are those of the shingle alone, so the high ones join them. */
    at = (size_t)((product ^ product >> 32) * index->multiplier >> index->shift);
    slots += count;
    while (slots[at] != 0 && index->shingles[slots[at] - 1] != shingle) {
        at = (at + 1) & (count - 1);
    }
    return count + at;
}

/* Enters places in empty slots of the first table, backwards, so that those of one shingle run
 * forwards; the others are `waiting`, backwards. Returns how many. */
static size_t fill_first(const ndup__shingle_index *index)
{
    const uint64_t *shingles = index->shingles;
    uint32_t *slots = index->slots;
    uint32_t *waiting = index->waiting;
    uint64_t multiplier = index->multiplier;
    unsigned shift = index->shift;
    size_t waiting_count = 0;
    for (size_t i = index->count; i-- > 0;) {
        uint32_t *slot = &slots[shingles[i] * multiplier >> shift];
        uint32_t taken = *slot;
        uint32_t is_taken = taken != 0;
        *slot = taken | (((uint32_t)i + 1) & (is_taken - 1)); /* a choice without a branch */
        waiting[waiting_count] = (uint32_t)i;
        waiting_count += is_taken;
    }
    return waiting_count;
}

/* Enters a place whose slot of the first table is taken. */
static inline void enter_waiting(ndup__shingle_index *index, size_t i)
{
    uint32_t *slot = &index->slots[find_slot(index, index->shingles[i])];
    if (*slot != 0) {
        index->nexts[i] = *slot;
        index->is_repeat[*slot - 1] = 1;
        index->distinct--;
    }
    *slot = (uint32_t)i + 1;
}

ndup_status ndup__index_fill(ndup__shingle_index *index, const uint64_t *shingles, size_t count,
                             ndup_error *error)
{
    unsigned bits = 4;
    while ((size_t)1 << bits < 2 * count) {
        bits++;
    }
    index->shingles = shingles;
    index->count = 0;
    index->distinct = 0;
    ndup_status status = reserve(index, (size_t)1 << bits, count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(index->slots, 0, ((size_t)2 << bits) * sizeof *index->slots);
    index->multiplier = ndup__slot_key() | 1;
    index->shift = 64 - bits;
    index->count = count;
    index->distinct = count;
    memset(index->nexts, 0, count * sizeof *index->nexts);
    memset(index->is_repeat, 0, count * sizeof *index->is_repeat);
    size_t waiting = fill_first(index);
    for (size_t k = 0; k < waiting; k++) {
        enter_waiting(index, index->waiting[k]);
    }
    return NDUP_STATUS_OK;
}

void ndup__index_mark_repeats(uint64_t *repeats, const ndup__shingle_index *index)
{
    for (size_t i = 0; i < index->count; i += BLOCK) {
        uint64_t marks = 0;
        for (size_t k = i; k < index->count && k < i + BLOCK; k++) {
            marks |= (uint64_t)(index->nexts[k] != 0) << (k - i);
        }
        repeats[i / BLOCK] = marks;
    }
}

/* Meets other[begin..end), at most BLOCK shingles. Bit k of the result: shingle begin + k is here.
 * Texts share runs: what follows a shared shingle is looked for behind it first. */
static uint64_t meet_block(ndup__shingle_index *index, const uint64_t *other, size_t begin,
                           size_t end)
{
    const uint64_t *shingles = index->shingles;
    const uint8_t *is_repeat = index->is_repeat;
    uint32_t *meetings = index->meetings;
    uint64_t found = 0;
    for (size_t k = begin; k < end; k++) {
        uint32_t place = index->slots[find_slot(index, other[k])];
        meetings[k] = place;
        if (place == 0) {
            continue;
        }
        size_t first = k;
        while (k + 1 < end && place < index->count && shingles[place] == other[k + 1] &&
               is_repeat[place] == 0) {
            meetings[++k] = ++place;
        }
        found |= ~(uint64_t)0 >> (63 - (k - first)) << (first - begin);
    }
    return found;
}

ndup_status ndup__index_meet(size_t *shared, ndup__shingle_index *index, const uint64_t *other,
                             size_t count, const uint64_t *repeats, size_t least, ndup_error *error)
{
    *shared = 0;
    ndup_status status = ndup__reserve(index->allocator, &index->meetings, &index->meeting_capacity,
                                       count, sizeof *index->meetings, error);
    size_t found = 0;
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i += BLOCK) {
        if (found + (count - i) < least) {
            break;
        }
        uint64_t marks = meet_block(index, other, i, count - i < BLOCK ? count : i + BLOCK);
        marks &= repeats != NULL ? ~repeats[i / BLOCK] : ~(uint64_t)0;
        found += (size_t)__builtin_popcountll(marks);
    }
    *shared = found;
    return status;
}

void ndup__index_deinit(ndup__shingle_index *index)
{
    ndup__free(index->allocator, &index->slots, index->slot_capacity, sizeof *index->slots);
    ndup__free(index->allocator, &index->nexts, index->next_capacity, sizeof *index->nexts);
    ndup__free(index->allocator, &index->is_repeat, index->repeat_capacity,
               sizeof *index->is_repeat);
    ndup__free(index->allocator, &index->waiting, index->waiting_capacity, sizeof *index->waiting);
    ndup__free(index->allocator, &index->meetings, index->meeting_capacity,
               sizeof *index->meetings);
    *index = (ndup__shingle_index){.allocator = index->allocator};
}
