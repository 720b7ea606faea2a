/* SPDX-License-Identifier: MIT */
/* Phrases that a source comes back to: they are its forms, and no event. */
#ifndef NDUP__STORY_SET_PHRASES_H
#define NDUP__STORY_SET_PHRASES_H

#include "story/phrases.h"

/* A day before all others: in its place the first day may be set later, before anything is noted.
 */
#define NDUP__NO_DAY INT64_MIN

/* A phrase is set when one source has it on three days, of which the first and the last are farther
 * apart than texts of one story. Phrases are hashes that the source is part of. Threads: one adds
 * at a time; then any may ask. */
typedef struct ndup__set_phrases {
    const ndup_allocator *allocator;
    uint64_t *cells; /* [cell_count] */
    size_t cell_count;
    int64_t first_day;
    uint64_t window; /* days */
} ndup__set_phrases;

/* `tokens`: of all texts; `first_day`: since 1970, the earliest. Memory: 8 bytes a token, 128 KiB
 * at least, 128 MiB at most. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__set_phrases_init(ndup__set_phrases *phrases, uint64_t tokens,
                                                  int64_t first_day, double window_days,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__set_phrases_deinit(ndup__set_phrases *phrases);

/* Notes the phrases of a text; texts come by date. */
void ndup__set_phrases_add(ndup__set_phrases *phrases, const uint64_t *hashes, size_t count,
                           int64_t day);

/* Says that a phrase will be asked for soon: its cell is seldom in the cache. */
void ndup__set_phrases_prefetch(const ndup__set_phrases *phrases, uint64_t hash);

bool ndup__set_phrases_has(const ndup__set_phrases *phrases, uint64_t hash);

#endif
