/* SPDX-License-Identifier: MIT */
/* A fixed set of threads, and the two ways of working that the pipelines need: ranges and ordered
 * streams. */
#ifndef NDUP__BASE_POOL_H
#define NDUP__BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/breath.h"
#include "base/stopwatch.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* Threads: single-owner; only the thread that made the pool may start work on it. */
typedef struct ndup__pool ndup__pool;

/* A pool of `workers` (>= 1) workers, the calling thread included. */
NDUP_NODISCARD ndup_status ndup__pool_new(ndup__pool **pool, unsigned workers,
                                          const ndup_allocator *allocator, ndup_error *error);
void ndup__pool_free(ndup__pool *pool);
unsigned ndup__pool_workers(const ndup__pool *pool);

/* The number of processors this process may run on, at least 1. */
unsigned ndup__processor_count(void);

/* Work on the elements [begin, end) as worker number `worker`. The first error (by range) is
 * returned. */
typedef ndup_status (*ndup__range_work)(void *context, size_t begin, size_t end, unsigned worker,
                                        ndup_error *error);

/* Splits [begin, end) in ranges of `grain` elements and works them off on all workers. Which worker
 * gets which range is not fixed, so results must not depend on it. After an error no new range is
 * begun. */
NDUP_NODISCARD ndup_status ndup__pool_ranges(ndup__pool *pool, size_t begin, size_t end,
                                             size_t grain, ndup__range_work work, void *context,
                                             ndup_error *error);

/* Counts the time of the ranges worked off from here on as that of `part`, on watches[worker];
 * watches NULL ends it. For work that knows nothing of parts. */
void ndup__pool_watch(ndup__pool *pool, ndup__stopwatch *watches, unsigned part);

/* From here on workers take a breath after each range of ranges, and each item of a stream. The
 * breath is borrowed; NULL ends it. */
void ndup__pool_set_breath(ndup__pool *pool, const ndup__breath *breath);
const ndup__breath *ndup__pool_breath(const ndup__pool *pool);

/* A stream of items that are taken in order, worked in parallel and committed in order. One call of
 * take and one of commit run at a time; `worker` is the number of the worker that makes the call. A
 * worker whose item is not the next to be committed leaves it and goes on with another. */
typedef struct ndup__stream_work {
    void *context;
    /* Fills the item, or clears *more at the end. */
    ndup_status (*take)(void *context, void *item, unsigned worker, bool *more, ndup_error *error);
    ndup_status (*work)(void *context, void *item, unsigned worker, ndup_error *error);
    ndup_status (*commit)(void *context, void *item, unsigned worker, ndup_error *error);
} ndup__stream_work;

/* How many items keep all workers busy. */
size_t ndup__pool_items(const ndup__pool *pool);

/* Runs the stream over reused items: an array of `count` of them, `item_bytes` each. Work that
 * failed stops the stream at its place: everything before it has been committed, nothing behind it
 * will be. Errors: those of the stream; MEMORY. */
NDUP_NODISCARD ndup_status ndup__pool_stream(ndup__pool *pool, const ndup__stream_work *stream,
                                             void *items, size_t item_bytes, size_t count,
                                             ndup_error *error);

#endif
