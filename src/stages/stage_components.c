/* SPDX-License-Identifier: MIT */
/* From buckets to components. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "neardup/decide.h"
#include "stages/bucket_file.h"
#include "stages/components.h"
#include "stages/stage_output.h"

/* The bucket files of all shards, opened. */
typedef struct bucket_set {
    ndup__bucket_file *files; /* [count] */
    size_t count;
    size_t *of_shard; /* [shards] 1 + its file */
    size_t shards;
} bucket_set;

static ndup_status check_file(bucket_set *set, size_t i, ndup_error *error)
{
    const ndup__bucket_file *first = &set->files[0];
    const ndup__bucket_file *file = &set->files[i];
    unsigned shard = (unsigned)file->counts.shard + 1;
    if (file->counts.identity != first->counts.identity ||
        file->counts.documents != first->counts.documents || file->counts.shards != set->shards) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s and %s are of different parts, or of other numbers of shards",
                          first->file.shown, file->file.shown);
    }
    size_t before = set->of_shard[shard - 1];
    if (before > 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%s and %s are both of shard %u/%zu",
                          set->files[before - 1].file.shown, file->file.shown, shard, set->shards);
    }
    set->of_shard[shard - 1] = i + 1;
    return NDUP_STATUS_OK;
}

static ndup_status find_missing(const bucket_set *set, ndup_error *error)
{
    for (size_t i = 0; i < set->shards; i++) {
        if (set->of_shard[i] == 0) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "buckets of shard %zu/%zu are missing: run 'neardup bucket --shard "
                              "%zu/%zu', and give its file, too",
                              i + 1, set->shards, i + 1, set->shards);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status open_buckets(bucket_set *set, const char *const *paths, size_t count,
                                ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(NULL, &set->files, count, sizeof *set->files, error);
    set->count = status == NDUP_STATUS_OK ? count : 0;
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        status = ndup__bucket_file_open(&set->files[i], paths[i], NULL, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t shards = (size_t)set->files[0].counts.shards;
    status = ndup__allocate_zeroed(NULL, &set->of_shard, shards, sizeof *set->of_shard, error);
    set->shards = status == NDUP_STATUS_OK ? shards : 0;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = check_file(set, i, error);
    }
    return status == NDUP_STATUS_OK ? find_missing(set, error) : status;
}

static void close_buckets(bucket_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        ndup__bucket_file_close(&set->files[i]);
    }
    ndup__free(NULL, &set->files, set->count, sizeof *set->files);
    ndup__free(NULL, &set->of_shard, set->shards, sizeof *set->of_shard);
}

static void join_groups(ndup__component_finder *finder, const uint64_t *ends, size_t count,
                        const uint32_t *members, bool are_buckets)
{
    uint64_t begin = 0;
    for (size_t i = 0; i < count; begin = ends[i], i++) {
        ndup__component_finder_join(finder, members + begin, (size_t)(ends[i] - begin),
                                    are_buckets);
    }
}

static ndup_status find_components(const char *path, const bucket_set *set, uint32_t shards,
                                   ndup_error *error)
{
    ndup__component_finder finder;
    const ndup__bucket_counts *counts = &set->files[0].counts;
    ndup_status status =
        ndup__component_finder_init(&finder, (size_t)counts->documents, NULL, error);
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        const ndup__bucket_file *file = &set->files[i];
        join_groups(&finder, file->class_ends, (size_t)file->counts.classes, file->class_members,
                    false);
        join_groups(&finder, file->bucket_ends, (size_t)file->counts.buckets, file->bucket_members,
                    true);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__components_write(path, &finder, counts->identity, shards, error);
    }
    ndup__component_finder_deinit(&finder);
    return status;
}

ndup_status ndup_components_find(const char *path, const char *const *buckets, size_t count,
                                 uint32_t shards, const ndup_hooks *hooks, ndup_error *error)
{
    bucket_set set = {.files = NULL};
    ndup_status status = NDUP__REQUIRE(error, "path", path, "buckets", buckets);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK && (shards == 0 || shards > NDUP__SHARDS_MOST)) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "%u shards, must be 1..%u", shards,
                            NDUP__SHARDS_MOST);
    }
    if (status == NDUP_STATUS_OK && count == 0) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "no files of buckets");
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__stage_output_check(path, &ndup__component_kind, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = open_buckets(&set, buckets, count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find_components(path, &set, shards, error);
    }
    close_buckets(&set);
    return status;
}
