/* SPDX-License-Identifier: MIT */
/* Who shares a key: the groups of a share of all keys, as a file. FORMAT.md describes it. */
#ifndef NDUP__STAGES_BUCKET_FILE_H
#define NDUP__STAGES_BUCKET_FILE_H

#include "neardup/stages.h"
#include "stages/part_set.h"

extern const ndup__section_kind ndup__bucket_kind;

/* Numbers of a bucket file, as they stand in it. */
typedef struct ndup__bucket_counts {
    uint64_t identity; /* of the set of parts */
    uint64_t documents;
    uint64_t shard; /* of so many, from 0 */
    uint64_t shards;
    uint64_t classes; /* with two documents or more */
    uint64_t class_members;
    uint64_t buckets; /* with two classes or more */
    uint64_t bucket_members;
} ndup__bucket_counts;

/* An open bucket file, mapped. Members are documents by their number in the set, ascending: of a
 * class all that have its text, of a bucket the first of each class with its key. Zeroed it may be
 * closed. Threads: immutable once open. */
typedef struct ndup__bucket_file {
    ndup__section_file file;
    ndup__bucket_counts counts;
    const uint64_t *class_ends; /* [classes] of each one's in class_members */
    const uint32_t *class_members;
    const uint64_t *bucket_ends; /* [buckets] of each one's in bucket_members */
    const uint32_t *bucket_members;
    const uint16_t *bucket_bands; /* [buckets] ascending */
} ndup__bucket_file;

/* Errors: those of ndup__section_file_open. */
NDUP_NODISCARD ndup_status ndup__bucket_file_open(ndup__bucket_file *buckets, const char *path,
                                                  const ndup_allocator *allocator,
                                                  ndup_error *error);
void ndup__bucket_file_close(ndup__bucket_file *buckets);

/* Writes the file of a shard: classes by their hashes, buckets by their
 * keys, each group in one of the shards with all its members. Cost: makes the keys of all classes,
 * and sorts those of the shard, a band at a time. Errors: IO, MEMORY, LIMIT, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__bucket_file_write(const char *path, const ndup__part_set *set,
                                                   ndup_shard shard, ndup_bucket_summary *summary,
                                                   const ndup_hooks *hooks, ndup_error *error);

#endif
