/* SPDX-License-Identifier: MIT */
/* Which texts tell in how many texts a shingle stands. */
#ifndef NDUP__DEDUP_COUNTED_TEXTS_H
#define NDUP__DEDUP_COUNTED_TEXTS_H

#include "dedup/run.h"
#include "lsh/buckets.h"

/* Texts in buckets of so many may be of a form. */
#define NDUP__FORM_BUCKET 5

/* Longer texts are counted in no run: they would be held whole, with all their shingles. */
#define NDUP__COUNTED_TOKENS_MOST ((uint32_t)1 << 20)

/* Members are the texts in two buckets of NDUP__FORM_BUCKET or more: texts that are unlike meet in
 * one by chance. Some others of their sources tell what stands on every page of these. Threads:
 * immutable once chosen. */
typedef struct ndup__counted_texts {
    const ndup_allocator *allocator;
    uint8_t *members; /* bit per class */
    uint8_t *others;  /* bit per class; NULL until they are chosen */
    size_t class_count;
    size_t member_count;
} ndup__counted_texts;

static inline bool ndup__class_bit(const uint8_t *bits, size_t class_number)
{
    return (bits[class_number >> 3] >> (class_number & 7) & 1) != 0;
}

/* Finds the members; with options.exact, where nothing is known of buckets, all texts are. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__counted_texts_find(ndup__counted_texts *texts,
                                                    const ndup__run *run,
                                                    const ndup__buckets *buckets,
                                                    ndup_error *error);

/* Chooses the others, by the hashes of their texts, so that the order of the corpus does not
 * matter. The table is that of the whole corpus. Without members there are none. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__counted_texts_choose(ndup__counted_texts *texts,
                                                      const ndup__table *table, ndup_error *error);

void ndup__counted_texts_deinit(ndup__counted_texts *texts);

#endif
