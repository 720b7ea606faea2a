/* SPDX-License-Identifier: MIT */
/* Bucketing, some bands at a time: keys are made from ranges of rows for several bands at once,
 * then each band's equal keys are found by one worker. Only keys that two rows share are kept. */
#include "lsh/buckets.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/key_groups.h"
#include "lsh/bands.h"

#define NONE UINT32_MAX
#define KEY_GRAIN 4096
/* Work space of a row: keys of the bands of a pass, and entries of the bands worked on at once. */
#define KEY_BYTES sizeof(uint32_t)
#define ENTRY_BYTES 8
/* Rows whose memberships take so much are sorted at once: there are fewer passes over all of them.
 */
#define SORT_BYTES_LEAST ((uint64_t)1 << 20)

typedef struct membership {
    uint32_t row;
    uint32_t group;
} membership;

/* One band's groups. */
typedef struct band_groups {
    const ndup_allocator *allocator;
    membership *members;
    size_t count;
    size_t capacity;
    uint32_t *sizes; /* [groups] */
    size_t size_capacity;
    uint32_t groups;
} band_groups;

typedef struct bucket_build {
    const ndup__rows *rows;
    const ndup_bands *bands;
    const ndup_allocator *allocator;
    const ndup__breath *breath;
    uint64_t work_bytes;
    unsigned part_bits; /* a band's keys are visited in so many parts */
    unsigned bands_per_pass;
    uint32_t *keys; /* [bands_per_pass][rows] of the bands from first_band on */
    unsigned first_band;
    unsigned band_count;      /* of this pass */
    ndup__key_groups *spaces; /* [workers] */
    band_groups *per_band;    /* [bands] */
    ndup__stopwatch *watches; /* [workers] */
    pthread_mutex_t lock;     /* guards what follows */
    ndup__band_progress progress;
    void *context;
    unsigned done;
    bool cancelled;
} bucket_build;

/* Makes the keys of a range of rows for all bands of this pass: a row's cache lines serve them all.
 */
static ndup_status make_keys(void *context, size_t begin, size_t end, unsigned worker,
                             ndup_error *error)
{
    (void)error;
    const bucket_build *build = context;
    const ndup__rows *rows = build->rows;
    ndup__stopwatch_start(&build->watches[worker]);
    for (size_t i = begin; i < end; i++) {
        ndup__band_keys(build->keys + i, rows->count, rows->sketcher, ndup__rows_get(rows, i),
                        build->first_band, build->band_count, build->bands->rows);
    }
    ndup__stopwatch_lap(&build->watches[worker], NDUP_PART_BANDS);
    return NDUP_STATUS_OK;
}

static ndup_status add_member(band_groups *band, uint32_t row, uint32_t group, ndup_error *error)
{
    ndup_status status = ndup__reserve(band->allocator, &band->members, &band->capacity,
                                       band->count + 1, sizeof *band->members, error);
    if (status == NDUP_STATUS_OK) {
        band->members[band->count++] = (membership){row, group};
        band->sizes[group]++;
    }
    return status;
}

/* *mark is 1 + the group of the rows with this key. */
static ndup_status join(void *context, uint32_t first, uint32_t row, uint32_t *mark, bool *differs,
                        ndup_error *error)
{
    (void)differs;
    band_groups *band = context;
    ndup_status status = NDUP_STATUS_OK;
    if (*mark == 0) {
        status = ndup__reserve(band->allocator, &band->sizes, &band->size_capacity,
                               (size_t)band->groups + 1, sizeof *band->sizes, error);
        if (status == NDUP_STATUS_OK) {
            band->sizes[band->groups] = 0;
            *mark = ++band->groups;
            status = add_member(band, first, *mark - 1, error);
        }
    }
    return status == NDUP_STATUS_OK ? add_member(band, row, *mark - 1, error) : status;
}

static ndup_status build_band(bucket_build *build, ndup__key_groups *space, unsigned number,
                              ndup_error *error)
{
    band_groups *band = &build->per_band[number];
    const ndup__rows *rows = build->rows;
    band->allocator = space->allocator = build->allocator;
    space->breath = build->breath;
    const uint32_t *keys = build->keys + (number - build->first_band) * rows->count;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i >> build->part_bits == 0 && status == NDUP_STATUS_OK; i++) {
        ndup__key_part part = {build->part_bits, i};
        status = ndup__key_groups_visit_part(space, part, keys, rows->tokens, rows->count, join,
                                             band, error);
    }
    if (status == NDUP_STATUS_OK) { /* what is reserved for one band is not needed by the next */
        status = ndup__resize(build->allocator, &band->members, band->capacity, band->count,
                              sizeof *band->members, error);
        band->capacity = status == NDUP_STATUS_OK ? band->count : band->capacity;
    }
    return status;
}

static ndup_status build_bands(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    bucket_build *build = context;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(&build->watches[worker]);
    for (size_t band = begin; band < end && status == NDUP_STATUS_OK; band++) {
        status = build_band(build, &build->spaces[worker], (unsigned)band, error);
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

static void free_work_space(bucket_build *build, unsigned workers)
{
    for (unsigned i = 0; build->spaces != NULL && i < workers; i++) {
        ndup__key_groups_deinit(&build->spaces[i]);
    }
    ndup__free(build->allocator, &build->spaces, workers, sizeof *build->spaces);
    ndup__free(build->allocator, &build->keys, build->bands_per_pass * build->rows->count,
               sizeof *build->keys);
}

/* Passes as few as can be and alike, of bands whose keys, with the entries of those worked on at
 * once, take no more than NDUP__BUCKET_WORK_BYTES a row. */
static unsigned choose_bands_per_pass(unsigned bands, unsigned workers)
{
    unsigned most = 1;
    for (unsigned n = 2; n <= bands; n++) {
        unsigned at_once = n < workers ? n : workers;
        if (n * KEY_BYTES + at_once * ENTRY_BYTES <= NDUP__BUCKET_WORK_BYTES) {
            most = n;
        }
    }
    unsigned passes = bands > 0 ? (bands + most - 1) / most : 1;
    return (bands + passes - 1) / passes;
}

/* All bands, some at a time: keys by ranges of rows, then buckets by bands. */
static ndup_status run_passes(bucket_build *build, ndup__pool *pool, ndup_error *error)
{
    ndup_status status =
        ndup__resize(build->allocator, &build->keys, 0, build->bands_per_pass * build->rows->count,
                     sizeof *build->keys, error);
    size_t key_bytes = build->bands_per_pass * build->rows->count * sizeof *build->keys;
    if (status == NDUP_STATUS_OK && key_bytes <= build->work_bytes) {
        ndup__hint_soon(build->keys, key_bytes);
    }
    unsigned bands = build->rows->count > 0 ? build->bands->bands : 0;
    unsigned step = build->bands_per_pass;
    for (unsigned first = 0; first < bands && status == NDUP_STATUS_OK; first += step) {
        build->first_band = first;
        build->band_count = bands - first < step ? bands - first : step;
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
        for (uint32_t i = 0; i < build->per_band[band].groups; i++) {
            ndup__breathe_at(build->breath, i, NDUP__BREATH_IN_ORDER);
            uint64_t size = build->per_band[band].sizes[i];
            buckets->largest = size > buckets->largest ? size : buckets->largest;
        }
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
            ndup__breathe_at(build->breath, i, NDUP__BREATH_IN_ORDER);
            buckets->bands[bucket++] = (uint16_t)band;
        }
    }
    return status;
}

/* How many rows' memberships are sorted at once. */
static size_t rows_at_once(const ndup__buckets *buckets, uint64_t work_bytes)
{
    uint64_t bytes = buckets->row_count * sizeof *buckets->starts +
                     buckets->membership_count * sizeof *buckets->buckets;
    uint64_t pieces = bytes / (work_bytes > SORT_BYTES_LEAST ? work_bytes : SORT_BYTES_LEAST) + 1;
    return buckets->row_count / (size_t)pieces + 1;
}

/* Counting sort of the memberships of rows [first, end), for which starts[first] is known; bands
 * are visited in order, so a row's buckets ascend. */
static void sort_rows(ndup__buckets *buckets, const bucket_build *build, size_t first, size_t end)
{
    uint64_t *starts = buckets->starts;
    uint64_t start = starts[first];
    for (unsigned band = 0; band < build->bands->bands; band++) {
        for (size_t i = 0; i < build->per_band[band].count; i++) {
            ndup__breathe_at(build->breath, i, NDUP__BREATH_IN_ORDER);
            uint32_t row = build->per_band[band].members[i].row;
            if (row - first < end - first) {
                starts[row + 1]++;
            }
        }
    }
    for (size_t i = first; i < end; i++) {
        starts[i + 1] += starts[i];
    }
    uint32_t base = 0;
    for (unsigned band = 0; band < build->bands->bands; band++) {
        for (size_t i = 0; i < build->per_band[band].count; i++) {
            ndup__breathe_at(build->breath, i, NDUP__BREATH_IN_ORDER);
            membership member = build->per_band[band].members[i];
            if (member.row - first < end - first) {
                buckets->buckets[starts[member.row]++] = base + member.group;
            }
        }
        base += build->per_band[band].groups;
    }
    memmove(starts + first + 1, starts + first, (end - first) * sizeof *starts);
    starts[first] = start;
}

static ndup_status sort_by_row(ndup__buckets *buckets, const bucket_build *build, ndup_error *error)
{
    ndup_status status =
        ndup__breath_allocate_zeroed(build->breath, buckets->allocator, &buckets->starts,
                                     buckets->row_count + 1, sizeof *buckets->starts, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(buckets->allocator, &buckets->buckets, 0, buckets->membership_count,
                              sizeof *buckets->buckets, error);
    }
    size_t step = rows_at_once(buckets, build->work_bytes);
    for (size_t first = 0; first < buckets->row_count && status == NDUP_STATUS_OK; first += step) {
        size_t rest = buckets->row_count - first;
        sort_rows(buckets, build, first, first + (rest < step ? rest : step));
    }
    return status;
}

ndup_status ndup__buckets_build(ndup__buckets *buckets, const ndup__rows *rows,
                                const ndup_bands *bands, uint64_t work_bytes, ndup__pool *pool,
                                ndup__band_progress progress, void *context,
                                ndup__stopwatch *watches, const ndup_allocator *allocator,
                                ndup_error *error)
{
    *buckets = (ndup__buckets){.allocator = allocator, .row_count = rows->count};
    unsigned workers = ndup__pool_workers(pool);
    bucket_build build = {.rows = rows,
                          .bands = bands,
                          .allocator = allocator,
                          .breath = ndup__pool_breath(pool),
                          .work_bytes = work_bytes,
                          .part_bits = ndup__key_part_bits(rows->count, work_bytes / workers),
                          .bands_per_pass = choose_bands_per_pass(bands->bands, workers),
                          .progress = progress,
                          .watches = watches,
                          .context = context};
    pthread_mutex_init(&build.lock, NULL);
    ndup_status status =
        ndup__allocate_zeroed(allocator, &build.spaces, workers, sizeof *build.spaces, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &build.per_band, bands->bands,
                                       sizeof *build.per_band, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = run_passes(&build, pool, error);
    }
    ndup__stopwatch_start(&watches[0]);
    free_work_space(&build, workers);
    if (status == NDUP_STATUS_OK) {
        status = number_buckets(buckets, &build, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = sort_by_row(buckets, &build, error);
    }
    ndup__stopwatch_lap(&watches[0], NDUP_PART_BUCKETS);
    for (unsigned band = 0; build.per_band != NULL && band < bands->bands; band++) {
        band_groups *groups = &build.per_band[band];
        ndup__free(allocator, &groups->members, groups->capacity, sizeof *groups->members);
        ndup__free(allocator, &groups->sizes, groups->size_capacity, sizeof *groups->sizes);
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
