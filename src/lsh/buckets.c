/* SPDX-License-Identifier: MIT */
/* Bucketing: per band, rows are partitioned by their key's high bits until a partition fits the
 * second-level cache, then grouped by a small hash table. Only keys that two rows share are kept.
 */
#include "lsh/buckets.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "lsh/bands.h"

/* Rows of a partition: 16 bytes of entries and 8 of table each stay within half a megabyte. */
#define PARTITION_ROWS 16384
#define NONE UINT32_MAX

typedef struct entry {
    uint64_t key;
    uint32_t row;
    uint32_t group; /* group within the band, or NONE */
} entry;

typedef struct membership {
    uint32_t row;
    uint32_t group;
} membership;

/* One band's groups, in the order of partitions. */
typedef struct band_groups {
    membership *members;
    size_t count;
    size_t capacity;
    uint32_t groups;
    uint64_t largest;
} band_groups;

/* Bands whose keys are made in one pass over the rows: a row's cache lines serve several bands. */
#define BANDS_PER_PASS 2
#define KEY_GRAIN 4096

/* Work space of one worker. */
typedef struct workspace {
    entry *entries;  /* [rows] partitioned */
    uint32_t *table; /* [2 * largest partition, a power of two] 1 + place in the partition */
    size_t table_capacity;
    uint32_t *sizes; /* [groups of a partition] */
    size_t size_capacity;
} workspace;

typedef struct bucket_build {
    const ndup__rows *rows;
    const ndup_bands *bands;
    const ndup_allocator *allocator;
    unsigned partition_bits;
    uint64_t *keys; /* [BANDS_PER_PASS][rows] of the bands from first_band on */
    unsigned first_band;
    unsigned band_count;      /* of this pass */
    workspace *workspaces;    /* [workers] */
    band_groups *per_band;    /* [bands] */
    ndup__stopwatch *watches; /* [workers] */
    pthread_mutex_t lock;     /* guards what follows */
    ndup__band_progress progress;
    void *context;
    unsigned done;
    bool cancelled;
} bucket_build;

static bool is_left_out(const ndup__rows *rows, size_t i)
{
    return rows->tokens != NULL && rows->tokens[i] == 0;
}

static size_t partition_of(const bucket_build *build, uint64_t key)
{
    return build->partition_bits == 0 ? 0 : (size_t)(key >> (64 - build->partition_bits));
}

/* Makes the keys of a range of rows for all bands of this pass. */
static ndup_status make_keys(void *context, size_t begin, size_t end, unsigned worker,
                             ndup_error *error)
{
    (void)error;
    const bucket_build *build = context;
    ndup__stopwatch_start(&build->watches[worker]);
    const ndup__rows *rows = build->rows;
    for (size_t i = begin; i < end; i++) {
        const uint8_t *row = ndup__rows_get(rows, i);
        for (unsigned k = 0; k < build->band_count; k++) {
            build->keys[k * rows->count + i] =
                ndup__band_key(rows->sketcher, row, build->first_band + k, build->bands->rows);
        }
    }
    ndup__stopwatch_lap(&build->watches[worker], NDUP_PART_BANDS);
    return NDUP_STATUS_OK;
}

/* Counting sort by partition; *starts gets the partitions' ends plus a leading 0. */
static void partition(const bucket_build *build, workspace *space, const uint64_t *keys,
                      size_t *starts)
{
    const ndup__rows *rows = build->rows;
    size_t partitions = (size_t)1 << build->partition_bits;
    memset(starts, 0, (partitions + 1) * sizeof *starts);
    for (size_t i = 0; i < rows->count; i++) {
        starts[partition_of(build, keys[i]) + 1] += !is_left_out(rows, i);
    }
    for (size_t p = 0; p < partitions; p++) {
        starts[p + 1] += starts[p];
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (!is_left_out(rows, i)) {
            size_t p = partition_of(build, keys[i]);
            space->entries[starts[p]++] = (entry){keys[i], (uint32_t)i, NONE};
        }
    }
    memmove(starts + 1, starts,
            partitions * sizeof *starts); /* every start had moved to the next */
    starts[0] = 0;
}

/* Marks the entries whose key occurs twice with a group number; returns the number of groups after
 * it. */
static ndup_status group_partition(const bucket_build *build, workspace *space, entry *entries,
                                   size_t count, uint32_t first_group, uint32_t *groups,
                                   ndup_error *error)
{
    size_t size = 16;
    while (size < 2 * count) {
        size *= 2;
    }
    *groups = first_group;
    ndup_status status = ndup__reserve(build->allocator, &space->table, &space->table_capacity,
                                       size, sizeof *space->table, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memset(space->table, 0, size * sizeof *space->table);
    for (size_t i = 0; i < count; i++) {
        size_t at = entries[i].key & (size - 1);
        while (space->table[at] != 0 && entries[space->table[at] - 1].key != entries[i].key) {
            at = (at + 1) & (size - 1);
        }
        if (space->table[at] == 0) {
            space->table[at] = (uint32_t)i + 1;
            continue;
        }
        entry *first = &entries[space->table[at] - 1];
        if (first->group == NONE) {
            first->group = (*groups)++;
        }
        entries[i].group = first->group;
    }
    return NDUP_STATUS_OK;
}

/* Appends the grouped entries to the band's members and notes the largest group. */
static ndup_status collect(const bucket_build *build, workspace *space, const entry *entries,
                           size_t count, uint32_t first_group, uint32_t groups, band_groups *out,
                           ndup_error *error)
{
    size_t new_groups = groups - first_group;
    ndup_status status = ndup__reserve(build->allocator, &space->sizes, &space->size_capacity,
                                       new_groups, sizeof *space->sizes, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(build->allocator, &out->members, &out->capacity, out->count + count,
                               sizeof *out->members, error);
    }
    if (status != NDUP_STATUS_OK || new_groups == 0) {
        return status;
    }
    memset(space->sizes, 0, new_groups * sizeof *space->sizes);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].group != NONE) {
            out->members[out->count++] = (membership){entries[i].row, entries[i].group};
            uint32_t size = ++space->sizes[entries[i].group - first_group];
            out->largest = size > out->largest ? size : out->largest;
        }
    }
    return NDUP_STATUS_OK;
}

#define PARTITION_BITS_MOST 12

static ndup_status build_band(bucket_build *build, workspace *space, unsigned band,
                              ndup_error *error)
{
    size_t starts[((size_t)1 << PARTITION_BITS_MOST) + 1];
    band_groups *out = &build->per_band[band];
    partition(build, space, build->keys + (band - build->first_band) * build->rows->count, starts);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t p = 0; p < (size_t)1 << build->partition_bits && status == NDUP_STATUS_OK; p++) {
        entry *entries = space->entries + starts[p];
        size_t count = starts[p + 1] - starts[p];
        uint32_t groups;
        status = group_partition(build, space, entries, count, out->groups, &groups, error);
        if (status == NDUP_STATUS_OK && groups > out->groups) {
            status = collect(build, space, entries, count, out->groups, groups, out, error);
        }
        out->groups = groups;
    }
    if (status == NDUP_STATUS_OK) { /* what is reserved for one band is not needed by the next */
        status = ndup__resize(build->allocator, &out->members, out->capacity, out->count,
                              sizeof *out->members, error);
        out->capacity = status == NDUP_STATUS_OK ? out->count : out->capacity;
    }
    return status;
}

static ndup_status prepare(bucket_build *build, workspace *space, ndup_error *error)
{
    return space->entries != NULL ? NDUP_STATUS_OK
                                  : ndup__resize(build->allocator, &space->entries, 0,
                                                 build->rows->count, sizeof *space->entries, error);
}

static ndup_status build_bands(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    bucket_build *build = context;
    workspace *space = &build->workspaces[worker];
    ndup__stopwatch_start(&build->watches[worker]);
    ndup_status status = prepare(build, space, error);
    for (size_t band = begin; band < end && status == NDUP_STATUS_OK; band++) {
        status = build_band(build, space, (unsigned)band, error);
        ndup__stopwatch_lap(&build->watches[worker], NDUP_PART_BUCKETS);
        pthread_mutex_lock(&build->lock);
        build->done++;
        if (build->progress != NULL && !build->cancelled) {
            build->cancelled = !build->progress(build->context, build->done);
        }
        bool cancelled = build->cancelled;
        pthread_mutex_unlock(&build->lock);
        if (status == NDUP_STATUS_OK && cancelled) {
            status = ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
        }
    }
    return status;
}

static void free_workspaces(bucket_build *build, unsigned workers)
{
    for (unsigned i = 0; build->workspaces != NULL && i < workers; i++) {
        workspace *space = &build->workspaces[i];
        ndup__free(build->allocator, &space->entries, build->rows->count, sizeof *space->entries);
        ndup__free(build->allocator, &space->table, space->table_capacity, sizeof *space->table);
        ndup__free(build->allocator, &space->sizes, space->size_capacity, sizeof *space->sizes);
    }
    ndup__free(build->allocator, &build->workspaces, workers, sizeof *build->workspaces);
    ndup__free(build->allocator, &build->keys, BANDS_PER_PASS * build->rows->count,
               sizeof *build->keys);
}

/* All bands, some at a time: keys by ranges of rows, then buckets by bands. */
static ndup_status run_passes(bucket_build *build, ndup__pool *pool, ndup_error *error)
{
    ndup_status status =
        ndup__resize(build->allocator, &build->keys, 0, BANDS_PER_PASS * build->rows->count,
                     sizeof *build->keys, error);
    unsigned bands = build->rows->count > 0 ? build->bands->bands : 0;
    for (unsigned first = 0; first < bands && status == NDUP_STATUS_OK; first += BANDS_PER_PASS) {
        build->first_band = first;
        build->band_count = bands - first < BANDS_PER_PASS ? bands - first : BANDS_PER_PASS;
        status = ndup__pool_ranges(pool, 0, build->rows->count, KEY_GRAIN, make_keys, build, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__pool_ranges(pool, first, first + build->band_count, 1, build_bands,
                                       build, error);
        }
    }
    return status;
}

static ndup_status number_buckets(ndup__buckets *buckets, const bucket_build *build,
                                  ndup_error *error)
{
    uint64_t total = 0;
    for (unsigned band = 0; band < build->bands->bands; band++) {
        total += build->per_band[band].groups;
        buckets->membership_count += build->per_band[band].count;
        uint64_t largest = build->per_band[band].largest;
        buckets->largest = largest > buckets->largest ? largest : buckets->largest;
    }
    if (total >= NONE) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than 2^32 buckets");
    }
    buckets->bucket_count = (size_t)total;
    ndup_status status = ndup__resize(buckets->allocator, &buckets->bands, 0, buckets->bucket_count,
                                      sizeof *buckets->bands, error);
    size_t bucket = 0;
    for (unsigned band = 0; status == NDUP_STATUS_OK && band < build->bands->bands; band++) {
        for (uint32_t i = 0; i < build->per_band[band].groups; i++) {
            buckets->bands[bucket++] = (uint16_t)band;
        }
    }
    return status;
}

/* Counting sort of all memberships by row; bands are visited in order, so a row's buckets ascend.
 */
static ndup_status sort_by_row(ndup__buckets *buckets, const bucket_build *build, ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(buckets->allocator, &buckets->starts, buckets->row_count + 1,
                              sizeof *buckets->starts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(buckets->allocator, &buckets->buckets, 0, buckets->membership_count,
                              sizeof *buckets->buckets, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *starts = buckets->starts;
    for (unsigned band = 0; band < build->bands->bands; band++) {
        for (size_t i = 0; i < build->per_band[band].count; i++) {
            starts[build->per_band[band].members[i].row + 1]++;
        }
    }
    for (size_t i = 0; i < buckets->row_count; i++) {
        starts[i + 1] += starts[i];
    }
    uint32_t base = 0;
    for (unsigned band = 0; band < build->bands->bands; band++) {
        for (size_t i = 0; i < build->per_band[band].count; i++) {
            membership member = build->per_band[band].members[i];
            buckets->buckets[starts[member.row]++] = base + member.group;
        }
        base += build->per_band[band].groups;
    }
    memmove(starts + 1, starts, buckets->row_count * sizeof *starts);
    starts[0] = 0;
    return NDUP_STATUS_OK;
}

ndup_status ndup__buckets_build(ndup__buckets *buckets, const ndup__rows *rows,
                                const ndup_bands *bands, ndup__pool *pool,
                                ndup__band_progress progress, void *context,
                                ndup__stopwatch *watches, const ndup_allocator *allocator,
                                ndup_error *error)
{
    *buckets = (ndup__buckets){.allocator = allocator, .row_count = rows->count};
    unsigned workers = ndup__pool_workers(pool);
    bucket_build build = {.rows = rows,
                          .bands = bands,
                          .allocator = allocator,
                          .progress = progress,
                          .watches = watches,
                          .context = context};
    while (build.partition_bits < PARTITION_BITS_MOST &&
           rows->count >> build.partition_bits > PARTITION_ROWS) {
        build.partition_bits++;
    }
    pthread_mutex_init(&build.lock, NULL);
    ndup_status status = ndup__allocate_zeroed(allocator, &build.workspaces, workers,
                                               sizeof *build.workspaces, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &build.per_band, bands->bands,
                                       sizeof *build.per_band, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = run_passes(&build, pool, error);
    }
    ndup__stopwatch_start(&watches[0]);
    free_workspaces(&build, workers);
    if (status == NDUP_STATUS_OK) {
        status = number_buckets(buckets, &build, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = sort_by_row(buckets, &build, error);
    }
    ndup__stopwatch_lap(&watches[0], NDUP_PART_BUCKETS);
    for (unsigned band = 0; build.per_band != NULL && band < bands->bands; band++) {
        ndup__free(allocator, &build.per_band[band].members, build.per_band[band].capacity,
                   sizeof(membership));
    }
    ndup__free(allocator, &build.per_band, bands->bands, sizeof *build.per_band);
    pthread_mutex_destroy(&build.lock);
    if (status != NDUP_STATUS_OK) {
        ndup__buckets_deinit(buckets);
    }
    return status;
}

void ndup__buckets_deinit(ndup__buckets *buckets)
{
    if (buckets->starts != NULL) {
        ndup__free(buckets->allocator, &buckets->starts, buckets->row_count + 1,
                   sizeof *buckets->starts);
    }
    ndup__free(buckets->allocator, &buckets->buckets, buckets->membership_count,
               sizeof *buckets->buckets);
    ndup__free(buckets->allocator, &buckets->bands, buckets->bucket_count, sizeof *buckets->bands);
}
