/* SPDX-License-Identifier: MIT */
/* In how many texts a shingle stands, for the texts that have many look-alikes. */
#ifndef NDUP__DEDUP_FREQUENCIES_H
#define NDUP__DEDUP_FREQUENCIES_H

#include <stdatomic.h>

#include "dedup/sets.h"
#include "similarity/form.h"

/* Of each text 96 to 191 shingles are counted, those of the least hashes. */
#define NDUP__FREQUENCY_SAMPLE 96

/* Texts in buckets of so many may be of a form. */
#define NDUP__FORM_BUCKET 5

/* Counters of shingles by their hash. Texts in two buckets of NDUP__FORM_BUCKET or more are
 * members: what stands in none of them has no counter. Threads: immutable once counted. */
typedef struct ndup__frequencies {
    const ndup_allocator *allocator;
    _Atomic uint8_t *counters; /* [counter_count]; NULL when there are no members */
    size_t counter_count;      /* a power of two */
    unsigned shift;
    uint8_t *members; /* bit per class */
    size_t class_count;
} ndup__frequencies;

typedef struct ndup__form_side {
    const ndup__set *set;
    const uint64_t *met; /* bit per shingle: the other has it, too */
} ndup__form_side;

/* Work space, reused; zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__form_room {
    const ndup_allocator *allocator;
    uint64_t *bits; /* [capacity] of both sides */
    size_t capacity;
    uint64_t most; /* greatest hash that was counted in both texts */
    ndup__form_side sides[2];
    ndup__form_counts counts;
} ndup__form_room;

/* Finds the members and counts. Cost: none without members; else every text is read once more.
 * Errors: CHANGED, IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__frequencies_count(ndup__frequencies *frequencies, ndup__run *run,
                                                   const ndup__buckets *buckets, ndup_error *error);
void ndup__frequencies_deinit(ndup__frequencies *frequencies);

static inline bool ndup__frequencies_has(const ndup__frequencies *frequencies,
                                         uint32_t class_number)
{
    return frequencies->counters != NULL &&
           (frequencies->members[class_number >> 3] >> (class_number & 7) & 1) != 0;
}

/* Greatest hash that is counted of a text with so many shingles. */
uint64_t ndup__frequency_hash_most(size_t shingles);

static inline size_t ndup__frequency_slot(const ndup__frequencies *frequencies, uint64_t shingle)
{
    return (size_t)(shingle * UINT64_C(0x9E3779B97F4A7C15) >> frequencies->shift);
}

static inline unsigned ndup__frequency_of(const ndup__frequencies *frequencies, uint64_t shingle)
{
    unsigned count = atomic_load_explicit(
        &frequencies->counters[ndup__frequency_slot(frequencies, shingle)], memory_order_relaxed);
    return count < NDUP__FREQUENCY_MOST ? count : NDUP__FREQUENCY_MOST;
}

/* What frequencies say of a pair of members. `index` is b's and has met a's shingles last. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequencies_compare(ndup__form_signs *signs, ndup__form_room *room,
                                                     const ndup__frequencies *frequencies,
                                                     const ndup__set *a, const ndup__set *b,
                                                     const ndup__shingle_index *index,
                                                     ndup_error *error);
void ndup__form_room_deinit(ndup__form_room *room);

#endif
