/* SPDX-License-Identifier: MIT */
/* Which sketches share band keys: the non-trivial buckets of all bands, seen from the sketch. */
#ifndef NDUP__LSH_BUCKETS_H
#define NDUP__LSH_BUCKETS_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/stopwatch.h"
#include "neardup/lsh.h"
#include "neardup/profile.h"
#include "sketch/kind.h"

/* Packed sketches: bytes is [count][ndup__row_bytes]. */
typedef struct ndup__rows {
    const ndup_sketcher *sketcher;
    const uint8_t *bytes;
    size_t count;
    const uint32_t *tokens; /* [count]; rows of 0 tokens are left out */
} ndup__rows;

static inline const uint8_t *ndup__rows_get(const ndup__rows *rows, size_t i)
{
    return rows->bytes + i * ndup__row_bytes(rows->sketcher);
}

/* The buckets with two or more rows. Buckets are numbered band by band; those of row i are
 * buckets[starts[i]..starts[i+1]), ascending. Threads: immutable. */
typedef struct ndup__buckets {
    const ndup_allocator *allocator;
    size_t row_count;
    uint64_t *starts; /* [row_count + 1] */
    uint32_t *buckets;
    size_t membership_count;
    size_t bucket_count;
    uint16_t *bands; /* [bucket_count] band of each bucket */
    uint64_t largest;
} ndup__buckets;

/* Called after every band with the number of bands done; false cancels. */
typedef bool (*ndup__band_progress)(void *context, unsigned done);

/* Bytes of work space a row while bucketing, whatever the number of workers, where work_bytes allow
 * that. */
#define NDUP__BUCKET_WORK_BYTES 48

/* Which share of a run's memory work_bytes may be. */
#define NDUP__BUCKET_WORK_SHARE 8

/* Keys are told apart by 32 bits: of ten million rows 12,000 pairs a band meet by chance.
 * Cost: per band one radix partition and hash tables that fit the cache. What is looked at out of
 * order takes no more than work_bytes: equal keys are found one part of the keys after another,
 * each time passing over all keys of a band, and memberships are sorted for some rows at a time;
 * all else is written and read in order. The same result for any number of workers; work_bytes
 * decide how the buckets of a band are numbered, and nothing else. Errors: MEMORY, LIMIT (2^32
 * buckets), CANCELLED. watches: [workers], laps BANDS and BUCKETS. */
NDUP_NODISCARD ndup_status ndup__buckets_build(ndup__buckets *buckets, const ndup__rows *rows,
                                               const ndup_bands *bands, uint64_t work_bytes,
                                               ndup__pool *pool, ndup__band_progress progress,
                                               void *context, ndup__stopwatch *watches,
                                               const ndup_allocator *allocator, ndup_error *error);
void ndup__buckets_deinit(ndup__buckets *buckets);

#endif
