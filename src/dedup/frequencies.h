/* SPDX-License-Identifier: MIT */
/* In how many texts a shingle stands, for the texts that have many look-alikes. */
#ifndef NDUP__DEDUP_FREQUENCIES_H
#define NDUP__DEDUP_FREQUENCIES_H

#include <stdatomic.h>

#include "dedup/counted_texts.h"
#include "dedup/sets.h"
#include "similarity/form.h"

/* Of each text 96 to 191 shingles are counted, those of the least hashes. */
#define NDUP__FREQUENCY_SAMPLE 96

/* Counters of shingles by their hash. What stands in no member (dedup/counted_texts.h) has no
 * counter. Threads: immutable once counted. */
typedef struct ndup__frequencies {
    const ndup_allocator *allocator;
    _Atomic uint8_t *counters; /* [counter_count]; NULL when there are no members */
    size_t counter_count;      /* a power of two */
    unsigned shift;
    uint8_t *members; /* bit per class */
    size_t class_count;
} ndup__frequencies;

/* Sets the bits of the classes that ndup__frequencies_count will read. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequencies_mark(uint8_t *classes, ndup__run *run,
                                                  const ndup__buckets *buckets, ndup_error *error);

/* Takes over which texts are members; there are no counters yet. */
void ndup__frequencies_take_members(ndup__frequencies *frequencies, ndup__counted_texts *texts);

/* Finds the members and counts. Cost: none without
 * members; else these are read once more, and some 64 texts of each of their sources. Errors:
 * CHANGED, IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__frequencies_count(ndup__frequencies *frequencies, ndup__run *run,
                                                   const ndup__buckets *buckets, ndup_error *error);
void ndup__frequencies_deinit(ndup__frequencies *frequencies);

/* The logarithm of how many counters there are for so many members. */
unsigned ndup__frequency_bits(size_t members);
bool ndup__frequency_bits_are_sound(unsigned bits);

/* Makes 2^bits counters of zero. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequencies_make(ndup__frequencies *frequencies, unsigned bits,
                                                  ndup_error *error);

/* Counts the texts of the classes whose bits are set, but for those without words and those that
 * are too long; as ndup__frequencies_add. Errors: CHANGED, IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__frequencies_count_texts(const ndup__frequencies *frequencies,
                                                         const uint8_t *texts, bool only_known,
                                                         ndup__run *run, ndup_error *error);

/* Empties the counters, of which there is the least number, for `classes` texts that are all
 * members and are then added one by one. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequencies_restart(ndup__frequencies *frequencies, size_t classes,
                                                     ndup_error *error);

/* No text is a member any more. */
static inline void ndup__frequencies_forget(ndup__frequencies *frequencies)
{
    for (size_t i = 0; frequencies->members != NULL && i < frequencies->class_count / 8 + 1; i++) {
        frequencies->members[i] = 0;
    }
}

/* The shingles of a text that are counted; chosen [count] may be the shingles themselves. Returns
 * how many. */
size_t ndup__frequency_shingles(uint64_t *chosen, const uint64_t *shingles, size_t count);

/* Counts the shingles of a text; with `only_known`, those that some text had already. */
void ndup__frequencies_add(const ndup__frequencies *frequencies, const uint64_t *shingles,
                           size_t count, bool only_known);

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

#endif
