/* SPDX-License-Identifier: MIT */
/* Open addressing by the shingle, with short lists of units behind it. */
#include "repeat/unit_index.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

ndup_status ndup__unit_index_reset(ndup__unit_index *index, size_t shingles, size_t units,
                                   ndup_error *error)
{
    unsigned bits = 4;
    while ((size_t)1 << bits < 2 * shingles) {
        bits++;
    }
    size_t size = (size_t)1 << bits;
    ndup_status status = ndup__reserve(index->allocator, &index->slots, &index->slot_capacity, size,
                                       sizeof *index->slots, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->postings, &index->posting_capacity,
                               shingles + 1, sizeof *index->postings, error);
    }
    size_t before = index->hit_capacity;
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->hits, &index->hit_capacity, units + 1,
                               sizeof *index->hits, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(index->allocator, &index->touched, &index->touched_capacity,
                               units + 1, sizeof *index->touched, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(index->slots, 0, size * sizeof *index->slots);
    memset(index->hits + before, 0, (index->hit_capacity - before) * sizeof *index->hits);
    index->mask = size - 1;
    index->multiplier = ndup__slot_key() | 1;
    index->shift = 64 - bits;
    index->posting_count = 0;
    index->touched_count = 0;
    return NDUP_STATUS_OK;
}

static ndup__index_slot *find_slot(const ndup__unit_index *index, uint64_t shingle)
{
    size_t at = (size_t)(shingle * index->multiplier >> index->shift);
    while (index->slots[at].head != 0 && index->slots[at].shingle != shingle) {
        at = (at + 1) & index->mask;
    }
    return &index->slots[at];
}

void ndup__unit_index_query(ndup__unit_index *index, const uint64_t *shingles, size_t count)
{
    const ndup__unit_index table = *index; /* which no hit changes */
    for (size_t i = 0; i < count; i++) {
        for (uint32_t at = find_slot(&table, shingles[i])->head; at != 0;) {
            const ndup__index_posting *posting = &index->postings[at - 1];
            if (index->hits[posting->unit]++ == 0) {
                index->touched[index->touched_count++] = posting->unit;
            }
            at = posting->next;
        }
    }
}

void ndup__unit_index_forget(ndup__unit_index *index)
{
    for (size_t i = 0; i < index->touched_count; i++) {
        index->hits[index->touched[i]] = 0;
    }
    index->touched_count = 0;
}

void ndup__unit_index_add(ndup__unit_index *index, const uint64_t *shingles, size_t count,
                          uint32_t unit)
{
    for (size_t i = 0; i < count; i++) {
        ndup__index_slot *slot = find_slot(index, shingles[i]);
        bool is_new = slot->head == 0;
        bool repeats = !is_new && index->postings[slot->head - 1].unit == unit;
        if (repeats || slot->count >= NDUP__INDEX_UNITS_MOST) {
            continue;
        }
        index->postings[index->posting_count] =
            (ndup__index_posting){.unit = unit, .next = slot->head};
        slot->shingle = shingles[i];
        slot->head = (uint32_t)++index->posting_count;
        slot->count++;
    }
}

void ndup__unit_index_deinit(ndup__unit_index *index)
{
    ndup__free(index->allocator, &index->slots, index->slot_capacity, sizeof *index->slots);
    ndup__free(index->allocator, &index->postings, index->posting_capacity,
               sizeof *index->postings);
    ndup__free(index->allocator, &index->hits, index->hit_capacity, sizeof *index->hits);
    ndup__free(index->allocator, &index->touched, index->touched_capacity, sizeof *index->touched);
}
