/* SPDX-License-Identifier: MIT */
/* Opening a file of buckets. */
#include "stages/bucket_file.h"

static ndup_status read_counts(ndup__bucket_file *buckets, ndup_error *error)
{
    const ndup__bucket_counts *counts;
    ndup_status status =
        ndup__section_items(&counts, 1, sizeof *counts, &buckets->file, "counts", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    buckets->counts = *counts;
    bool has_sense = counts->documents < NDUP__NO_CLASS && counts->shard < counts->shards &&
                     counts->shards <= UINT32_MAX && counts->classes <= counts->class_members / 2 &&
                     counts->buckets <= counts->bucket_members / 2;
    return has_sense
               ? NDUP_STATUS_OK
               : ndup__section_fail(&buckets->file, "counts", "has numbers without sense", error);
}

static ndup_status map_columns(ndup__bucket_file *buckets, ndup_error *error)
{
    const ndup__bucket_counts *counts = &buckets->counts;
    const struct {
        const char *name;
        void *items;
        uint64_t count;
        size_t bytes;
    } columns[] = {
        {"class-ends", &buckets->class_ends, counts->classes, sizeof *buckets->class_ends},
        {"class-members", &buckets->class_members, counts->class_members,
         sizeof *buckets->class_members},
        {"bucket-ends", &buckets->bucket_ends, counts->buckets, sizeof *buckets->bucket_ends},
        {"bucket-members", &buckets->bucket_members, counts->bucket_members,
         sizeof *buckets->bucket_members},
        {"bucket-bands", &buckets->bucket_bands, counts->buckets, sizeof *buckets->bucket_bands},
    };
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0] && status == NDUP_STATUS_OK; i++) {
        status = ndup__section_items(columns[i].items, (size_t)columns[i].count, columns[i].bytes,
                                     &buckets->file, columns[i].name, error);
    }
    return status;
}

/* Whether the groups follow each other, with two members or more, ascending, of documents that
 * there are. */
static bool are_groups(const uint64_t *ends, uint64_t count, const uint32_t *members,
                       uint64_t member_count, uint64_t documents)
{
    uint64_t at = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (ends[i] > member_count || ends[i] < at + 2) {
            return false;
        }
        for (uint64_t k = at; k < ends[i]; k++) {
            if (members[k] >= documents || (k > at && members[k] <= members[k - 1])) {
                return false;
            }
        }
        at = ends[i];
    }
    return at == member_count;
}

static ndup_status check_groups(const ndup__bucket_file *buckets, ndup_error *error)
{
    const ndup__bucket_counts *counts = &buckets->counts;
    const char *wrong =
        !are_groups(buckets->class_ends, counts->classes, buckets->class_members,
                    counts->class_members, counts->documents)
            ? "class-members"
        : !are_groups(buckets->bucket_ends, counts->buckets, buckets->bucket_members,
                      counts->bucket_members, counts->documents)
            ? "bucket-members"
            : NULL;
    return wrong == NULL
               ? NDUP_STATUS_OK
               : ndup__section_fail(&buckets->file, wrong, "has groups without sense", error);
}

ndup_status ndup__bucket_file_open(ndup__bucket_file *buckets, const char *path,
                                   const ndup_allocator *allocator, ndup_error *error)
{
    *buckets = (ndup__bucket_file){.counts = {0}};
    ndup_status status =
        ndup__section_file_open(&buckets->file, path, &ndup__bucket_kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_counts(buckets, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_columns(buckets, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_groups(buckets, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__bucket_file_close(buckets);
    }
    return status;
}

void ndup__bucket_file_close(ndup__bucket_file *buckets)
{
    ndup__section_file_close(&buckets->file);
}
