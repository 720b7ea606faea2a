/* SPDX-License-Identifier: MIT */
/* Names of the parts of a run, and their times. */
#include "dedup/run_profile.h"

#include <string.h>

#include "base/alloc.h"

_Static_assert(NDUP__STOPWATCH_PARTS == NDUP_PART_COUNT, "a watch has a lap for every part");

static const struct {
    const char *name;
    ndup_stage stage;
} parts[NDUP_PART_COUNT] = {
    [NDUP_PART_READ] = {"read", NDUP_STAGE_READ},
    [NDUP_PART_SCAN] = {"scan", NDUP_STAGE_READ},
    [NDUP_PART_TOKENIZE] = {"tokenize", NDUP_STAGE_READ},
    [NDUP_PART_HASH] = {"hash", NDUP_STAGE_READ},
    [NDUP_PART_SKETCH] = {"sketch", NDUP_STAGE_READ},
    [NDUP_PART_ENTER] = {"enter", NDUP_STAGE_READ},
    [NDUP_PART_BANDS] = {"bands", NDUP_STAGE_BUCKET},
    [NDUP_PART_BUCKETS] = {"buckets", NDUP_STAGE_BUCKET},
    [NDUP_PART_CANDIDATES] = {"candidates", NDUP_STAGE_VERIFY},
    [NDUP_PART_VERIFY] = {"verify", NDUP_STAGE_VERIFY},
    [NDUP_PART_DECIDE] = {"decide", NDUP_STAGE_VERIFY},
    [NDUP_PART_WRITE] = {"write", NDUP_STAGE_WRITE},
};

const char *ndup_part_name(ndup_part part)
{
    return (unsigned)part < NDUP_PART_COUNT ? parts[part].name : "unknown";
}

ndup_stage ndup_part_stage(ndup_part part)
{
    return (unsigned)part < NDUP_PART_COUNT ? parts[part].stage : NDUP_STAGE_READ;
}

ndup_status ndup__watches_new(ndup__run *run, ndup_error *error)
{
    run->watch_count = ndup__pool_workers(run->pool);
    ndup_status status = ndup__allocate_zeroed(run->allocator, &run->watches, run->watch_count,
                                               sizeof *run->watches, error);
    for (unsigned i = 0; status == NDUP_STATUS_OK && i < run->watch_count; i++) {
        run->watches[i].runs = run->options->profile;
    }
    run->tick_scale = ndup__tick_scale_begin();
    return status;
}

void ndup__watches_free(ndup__run *run)
{
    ndup__free(run->allocator, &run->watches, run->watch_count, sizeof *run->watches);
}

static double *busy_of(const ndup_profile *profile, unsigned worker)
{
    return profile->busy + (size_t)worker * NDUP_PART_COUNT;
}

ndup_status ndup__profile_new(ndup_result *result, const ndup__run *run, ndup_error *error)
{
    if (!run->options->profile) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__allocate_zeroed(result->allocator, &result->profile, 1,
                                               sizeof *result->profile, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_profile *profile = result->profile;
    profile->workers = run->watch_count;
    status = ndup__allocate_zeroed(result->allocator, &profile->busy,
                                   (size_t)profile->workers * NDUP_PART_COUNT,
                                   sizeof *profile->busy, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memcpy(profile->wall, run->summary.seconds, sizeof profile->wall);
    double tick_seconds = ndup__tick_seconds(&run->tick_scale);
    for (unsigned i = 0; i < profile->workers; i++) {
        ndup__profile_add(profile, i, &run->watches[i], tick_seconds);
    }
    return NDUP_STATUS_OK;
}

void ndup__profile_free(ndup_result *result)
{
    if (result->profile != NULL) {
        ndup__free(result->allocator, &result->profile->busy,
                   (size_t)result->profile->workers * NDUP_PART_COUNT,
                   sizeof *result->profile->busy);
        ndup__free(result->allocator, &result->profile, 1, sizeof *result->profile);
    }
}

void ndup__profile_add(ndup_profile *profile, unsigned worker, ndup__stopwatch *watch,
                       double tick_seconds)
{
    double *busy = busy_of(profile, worker);
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        busy[part] += tick_seconds * (double)watch->ticks[part];
        watch->ticks[part] = 0;
    }
}
