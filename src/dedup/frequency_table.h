/* SPDX-License-Identifier: MIT */
/* Counts of shares of a corpus. */
#ifndef NDUP__DEDUP_FREQUENCY_TABLE_H
#define NDUP__DEDUP_FREQUENCY_TABLE_H

#include "base/section_file.h"
#include "dedup/frequencies.h"
#include "neardup/corpus_frequencies.h"

extern const ndup__section_kind ndup__count_kind;

/* What others have counts only where members have it, which no share knows alone: so they are
 * counted apart. */
struct ndup_corpus_frequencies {
    const ndup_allocator *allocator;
    uint64_t corpus;      /* what it was counted over; only the same can be put together */
    unsigned bits;        /* 2^bits counters each; 0: there are no members, and no counters */
    uint32_t shard_count; /* into so many shares the texts were dealt; 0: nobody keeps count */
    uint8_t *shards;      /* [shard_count] whether the share is counted here */
    ndup__frequencies of_members;
    ndup__frequencies of_others;
};

/* Counters of zero for `members` texts, which no share is counted in yet. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequency_table_new(ndup_corpus_frequencies **table,
                                                     uint64_t corpus, size_t members,
                                                     uint32_t shard_count,
                                                     const ndup_allocator *allocator,
                                                     ndup_error *error);

/* Makes the counters of a run from those of all shares. Errors: INVALID, naming the first share
 * that is missing; MEMORY. */
NDUP_NODISCARD ndup_status ndup__frequency_table_use(const ndup_corpus_frequencies *table,
                                                     ndup__frequencies *frequencies,
                                                     ndup_error *error);

/* In place of ndup__frequencies_count, for a run that was given counts: finds the members alone. */
NDUP_NODISCARD ndup_status ndup__frequencies_take(ndup__frequencies *frequencies,
                                                  const ndup__run *run,
                                                  const ndup__buckets *buckets, ndup_error *error);

#endif
