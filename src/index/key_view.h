/* SPDX-License-Identifier: MIT */
/* Which documents have a key: by segments on disk, and in memory for what is newer. */
#ifndef NDUP__INDEX_KEY_VIEW_H
#define NDUP__INDEX_KEY_VIEW_H

#include <pthread.h>

#include "index/fresh_keys.h"
#include "index/row_keys.h"
#include "pipeline/progress.h"
#include "store/segment.h"

/* Documents that stay in memory: more are written to a segment, by who adds them. */
#define NDUP__FRESH_MOST 32768

/* Segments of one tier that are merged to one of the next. */
#define NDUP__TIER_SEGMENTS 8

/* A segment that is mapped. */
typedef struct ndup__viewed_segment {
    ndup__segment *segment;
    uint32_t first, last;
    unsigned tier;
} ndup__viewed_segment;

/* Threads: `lock` guards all; find takes it for reading. */
typedef struct ndup__key_view {
    const ndup__index_settings *settings;
    const ndup_allocator *allocator;
    const char *folder; /* of the segments */
    pthread_rwlock_t lock;
    ndup__viewed_segment *segments; /* [segment_count] by numbers */
    size_t segment_count, segment_capacity;
    ndup__fresh_keys fresh;
    uint32_t covered;    /* greatest number that segments speak for */
    uint32_t last;       /* greatest number whose keys are here */
    uint32_t fresh_most; /* NDUP__FRESH_MOST; less in tests */
} ndup__key_view;

NDUP_NODISCARD ndup_status ndup__key_view_init(ndup__key_view *view,
                                               const ndup__index_settings *settings,
                                               const char *folder, const ndup_allocator *allocator,
                                               ndup_error *error);
void ndup__key_view_deinit(ndup__key_view *view);

/* Takes in what the database has that the view has not: within a transaction that has the newest
 * state, which is to say by the one who writes. The documents of segments that cannot be used are
 * read into memory; *is_broken says whether there are any. Errors: those of the database, MEMORY;
 * the view stays as it was then. */
NDUP_NODISCARD ndup_status ndup__key_view_refresh(ndup__key_view *view, ndup__database *database,
                                                  bool *is_broken, ndup_error *error);

/* The same, and opens all segments again, as their files may have changed. */
NDUP_NODISCARD ndup_status ndup__key_view_reload(ndup__key_view *view, ndup__database *database,
                                                 ndup_error *error);

/* Begins a transaction of reading and takes in what it has, as one step. *version is that of the
 * database. Errors: as above; no transaction is open then. */
NDUP_NODISCARD ndup_status ndup__key_view_begin(ndup__key_view *view, ndup__database *database,
                                                int64_t *version, bool *is_broken,
                                                ndup_error *error);

/* Notes the keys of a document that was added. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__key_view_add(ndup__key_view *view, uint32_t number,
                                              const ndup__document_keys *keys, ndup_error *error);

/* The greatest number whose keys are here; and taking back those behind one: for transactions that
 * fail. */
uint32_t ndup__key_view_last(ndup__key_view *view);
void ndup__key_view_take_back(ndup__key_view *view, uint32_t last);

/* Numbers, each once for every key that it shares; and work space. */
typedef struct ndup__number_list {
    const ndup_allocator *allocator;
    uint32_t *numbers; /* [count] */
    size_t count, capacity;
    bool is_cut; /* a key had more numbers than were asked for */
    ndup__segment_range *ranges;
    size_t range_capacity;
} ndup__number_list;

void ndup__number_list_deinit(ndup__number_list *list);

/* The numbers that have one of keys[count] in a table, at most `most` of each key in each segment
 * and in memory. Errors: CORRUPT for a damaged segment, MEMORY. */
NDUP_NODISCARD ndup_status ndup__key_view_find(ndup__key_view *view, ndup__number_list *list,
                                               uint32_t table, const uint32_t *keys, size_t count,
                                               size_t most, ndup_error *error);

/* The same for the class and all bands of a document: two lists. */
NDUP_NODISCARD ndup_status ndup__key_view_find_all(ndup__key_view *view, ndup__number_list *classes,
                                                   ndup__number_list *bands, const uint32_t *keys,
                                                   size_t most, ndup_error *error);

/* Whether a number is found by a key. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__key_view_has(ndup__key_view *view, bool *has, uint32_t table,
                                              uint32_t key, uint32_t number, ndup_error *error);

/* Writes what is in memory to a segment, and merges segments, if that is due: outside of a
 * transaction, by the one who writes. Errors: IO, those of the database; then all is as before. */
NDUP_NODISCARD ndup_status ndup__key_view_flush(ndup__key_view *view, ndup__database *database,
                                                ndup_error *error);

/* Names the segment that was made of all documents behind those of segments, up to one, and takes
 * it in; likewise. */
NDUP_NODISCARD ndup_status ndup__key_view_take_made(ndup__key_view *view, ndup__database *database,
                                                    uint32_t last, ndup_error *error);

/* Makes the segments anew that are missing or damaged, likewise, and says so through hooks, which
 * may be NULL. With `reads_all` every page is read. Files that belong to no segment go. */
NDUP_NODISCARD ndup_status ndup__key_view_mend(ndup__key_view *view, ndup__database *database,
                                               bool reads_all, const ndup_hooks *hooks,
                                               ndup_error *error);

/* One segment of everything, without keys of removed documents; likewise. Errors: CANCELLED. */
NDUP_NODISCARD ndup_status ndup__key_view_compact(ndup__key_view *view, ndup__database *database,
                                                  ndup__reporter *reporter, ndup_error *error);

#endif
