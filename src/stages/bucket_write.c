/* SPDX-License-Identifier: MIT */
/* Keys of the shard with their members, sorted: equal ones are a group. */
#include "stages/bucket_file.h"

#include <string.h>

#include "base/alloc.h"
#include "lsh/bands.h"
#include "pipeline/options.h"
#include "pipeline/progress.h"
#include "stages/class_join.h"
#include "text/shingle.h"

const ndup__section_kind ndup__bucket_kind = {
    .magic = "ndupBUCK", .version = 1, .noun = "a file of buckets (of `neardup bucket`)"};

/* Groups in the order in which they are found. */
typedef struct group_list {
    uint64_t *ends;
    size_t count;
    size_t capacity;
    uint16_t *bands;
    size_t band_capacity;
    uint64_t members;
    uint64_t largest;
} group_list;

typedef struct bucket_job {
    const ndup__part_set *set;
    const ndup_allocator *allocator;
    ndup_shard shard;
    ndup__reporter reporter;
    ndup__section_writer writer;
    ndup__class_join join;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    uint64_t *entries; /* [room] a key or class above a document */
    uint64_t *scratch;
    size_t room;
    size_t count;
    group_list classes;
    group_list buckets;
} bucket_job;

/* Whether what has this hash is of the shard. */
static bool is_own(const bucket_job *job, uint64_t hash)
{
    return (ndup__mix64(hash) >> 32) * job->shard.of >> 32 == job->shard.number;
}

static ndup_status add_entry(bucket_job *job, uint32_t key, uint32_t document, ndup_error *error)
{
    ndup_status status = ndup__reserve(job->allocator, &job->entries, &job->room, job->count + 1,
                                       sizeof *job->entries, error);
    if (status == NDUP_STATUS_OK) {
        job->entries[job->count++] = (uint64_t)key << 32 | document;
    }
    return status;
}

static ndup_status sort_entries(bucket_job *job, ndup_error *error)
{
    size_t count = job->count;
    ndup_status status =
        ndup__resize(job->allocator, &job->scratch, 0, count, sizeof *job->scratch, error);
    if (status == NDUP_STATUS_OK && count > 0) {
        ndup__sort_hashes(job->entries, job->scratch, count);
    }
    ndup__free(job->allocator, &job->scratch, count, sizeof *job->scratch);
    return status;
}

static ndup_status note_group(bucket_job *job, group_list *groups, size_t members, unsigned band,
                              ndup_error *error)
{
    ndup_status status = ndup__reserve(job->allocator, &groups->ends, &groups->capacity,
                                       groups->count + 1, sizeof *groups->ends, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(job->allocator, &groups->bands, &groups->band_capacity,
                               groups->count + 1, sizeof *groups->bands, error);
    }
    if (status == NDUP_STATUS_OK) {
        groups->members += members;
        groups->largest = members > groups->largest ? members : groups->largest;
        groups->bands[groups->count] = (uint16_t)band;
        groups->ends[groups->count++] = groups->members;
    }
    return status;
}

static ndup_status add_members(bucket_job *job, size_t begin, size_t end, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        uint32_t document = (uint32_t)job->entries[i];
        status = ndup__section_add(&job->writer, &document, sizeof document, error);
    }
    return status;
}

/* Sorts the entries, and adds those to the section that are not alone. */
static ndup_status add_groups(bucket_job *job, group_list *groups, unsigned band, ndup_error *error)
{
    ndup_status status = sort_entries(job, error);
    for (size_t begin = 0, end; begin < job->count && status == NDUP_STATUS_OK; begin = end) {
        end = begin + 1;
        while (end < job->count && job->entries[end] >> 32 == job->entries[begin] >> 32) {
            end++;
        }
        if (end - begin > 1) {
            status = note_group(job, groups, end - begin, band, error);
            if (status == NDUP_STATUS_OK) {
                status = add_members(job, begin, end, error);
            }
        }
    }
    job->count = 0;
    return status;
}

static ndup_status enter_classes(bucket_job *job, ndup_error *error)
{
    const ndup__part_set *set = job->set;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        const ndup__part *part = &set->parts[i];
        for (size_t k = 0; k < part->counts.documents && status == NDUP_STATUS_OK; k++) {
            uint32_t number = part->classes[k];
            if (is_own(job, part->class_hashes[number].low)) {
                status = add_entry(job, job->join.numbers[job->join.starts[i] + number],
                                   (uint32_t)(set->first_numbers[i] + k), error);
            }
        }
    }
    return status;
}

/* Enters the keys of a band of the part's classes that no class before them is. */
static ndup_status enter_keys(bucket_job *job, size_t i, size_t *known, unsigned band,
                              ndup_error *error)
{
    const ndup__part *part = &job->set->parts[i];
    const uint32_t *numbers = job->join.numbers + job->join.starts[i];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 0; k < part->counts.classes && status == NDUP_STATUS_OK; k++) {
        uint32_t key;
        if (numbers[k] != *known) {
            continue;
        }
        uint32_t document = job->join.firsts[(*known)++];
        if (part->class_tokens[k] > 0) {
            ndup__band_keys(&key, 1, job->sketcher, part->rows + k * part->counts.row_bytes, band,
                            1, job->bands.rows);
            status = is_own(job, key) ? add_entry(job, key, document, error) : NDUP_STATUS_OK;
        }
    }
    return status;
}

static ndup_status put_buckets(bucket_job *job, ndup_error *error)
{
    ndup_status status = ndup__section_begin(&job->writer, "bucket-members", error);
    for (unsigned band = 0; band < job->bands.bands && status == NDUP_STATUS_OK; band++) {
        size_t known = 0;
        for (size_t i = 0; i < job->set->count && status == NDUP_STATUS_OK; i++) {
            status = enter_keys(job, i, &known, band, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = add_groups(job, &job->buckets, band, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&job->reporter, band + 1, 0, error);
        }
    }
    return status;
}

static ndup_status put_classes(bucket_job *job, ndup_error *error)
{
    ndup_status status = ndup__section_begin(&job->writer, "class-members", error);
    if (status == NDUP_STATUS_OK) {
        status = enter_classes(job, error);
    }
    return status == NDUP_STATUS_OK ? add_groups(job, &job->classes, 0, error) : status;
}

static ndup_status put_lists(bucket_job *job, ndup_error *error)
{
    const ndup__bucket_counts counts = {
        .identity = job->set->identity,
        .documents = ndup__part_set_documents(job->set),
        .shard = job->shard.number,
        .shards = job->shard.of,
        .classes = job->classes.count,
        .class_members = job->classes.members,
        .buckets = job->buckets.count,
        .bucket_members = job->buckets.members,
    };
    const struct {
        const char *name;
        const void *bytes;
        size_t length;
    } sections[] = {
        {"class-ends", job->classes.ends, job->classes.count * sizeof *job->classes.ends},
        {"bucket-ends", job->buckets.ends, job->buckets.count * sizeof *job->buckets.ends},
        {"bucket-bands", job->buckets.bands, job->buckets.count * sizeof *job->buckets.bands},
        {"counts", &counts, sizeof counts},
    };
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0] && status == NDUP_STATUS_OK; i++) {
        status = ndup__section_put(&job->writer, sections[i].name, sections[i].bytes,
                                   sections[i].length, error);
    }
    return status;
}

static ndup_status write_all(bucket_job *job, const char *path, ndup_error *error)
{
    ndup_status status =
        ndup__section_writer_open(&job->writer, path, &ndup__bucket_kind, job->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = put_classes(job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_buckets(job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_lists(job, error);
    }
    return status == NDUP_STATUS_OK ? ndup__section_writer_commit(&job->writer, error) : status;
}

static void free_groups(group_list *groups, const ndup_allocator *allocator)
{
    ndup__free(allocator, &groups->ends, groups->capacity, sizeof *groups->ends);
    ndup__free(allocator, &groups->bands, groups->band_capacity, sizeof *groups->bands);
}

static void summarize(ndup_bucket_summary *summary, const bucket_job *job)
{
    uint64_t largest =
        job->classes.largest > job->buckets.largest ? job->classes.largest : job->buckets.largest;
    *summary = (ndup_bucket_summary){.documents = ndup__part_set_documents(job->set),
                                     .classes = job->classes.count,
                                     .class_members = job->classes.members,
                                     .buckets = job->buckets.count,
                                     .bucket_members = job->buckets.members,
                                     .largest = largest};
}

ndup_status ndup__bucket_file_write(const char *path, const ndup__part_set *set, ndup_shard shard,
                                    ndup_bucket_summary *summary, const ndup_hooks *hooks,
                                    ndup_error *error)
{
    bucket_job job = {
        .set = set, .allocator = set->allocator, .shard = shard, .reporter = {.hooks = hooks}};
    ndup_status status = ndup__class_join_make(&job.join, set, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__options_sketcher(&job.sketcher, &job.bands, &set->options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(&job.reporter, NDUP_STAGE_BUCKET, job.bands.bands, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_all(&job, path, error);
        summarize(summary, &job);
    }
    ndup__section_writer_end(&job.writer);
    ndup_sketcher_free(job.sketcher);
    ndup__class_join_free(&job.join);
    ndup__free(job.allocator, &job.entries, job.room, sizeof *job.entries);
    free_groups(&job.classes, job.allocator);
    free_groups(&job.buckets, job.allocator);
    return status;
}
