/* SPDX-License-Identifier: MIT */
/* From the buckets of parts to the decisions that one run over all inputs would come to, shard by
 * shard: components, counts, decisions, a result. Each call is a process of its own, if you like,
 * and each reads what earlier ones wrote. The order in which parts and files are given makes no
 * difference. */
#ifndef NEARDUP_DECIDE_H
#define NEARDUP_DECIDE_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the files of stages hold. */
typedef enum ndup_stage_file {
    NDUP_STAGE_FILE_NONE = 0, /* something else, or it cannot be read */
    NDUP_STAGE_FILE_PART = 1,
    NDUP_STAGE_FILE_BUCKETS = 2,
    NDUP_STAGE_FILE_COMPONENTS = 3,
    NDUP_STAGE_FILE_COUNTS = 4,
    NDUP_STAGE_FILE_DECISIONS = 5
} ndup_stage_file;

/* What the file at the path holds, told by its first bytes. */
NDUP_API ndup_stage_file ndup_stage_file_of(const char *path);

/* The files of earlier stages, and how to work on them. Fill with ndup_shard_options_init. Strings
 * are borrowed until the call returns. */
typedef struct ndup_shard_options {
    size_t struct_size;
    const char *const *parts; /* all of them, whatever the shard */
    size_t part_count;
    const char *components;    /* of ndup_components_find */
    const char *const *counts; /* of ndup_count_shard, of all shards; where there are none,
                                  verifying fails if they would be needed */
    size_t counts_count;
    const char *const *decisions; /* of ndup_verify_shard, of all shards */
    size_t decision_count;
    uint32_t shard;               /* from 0 */
    uint32_t shards;              /* as the components were dealt */
    unsigned threads;             /* 0 = as many as processors */
    uint64_t memory;              /* as in ndup_dedup_options */
    const char *temporary_folder; /* NULL: TMPDIR or /tmp */
    const ndup_allocator *allocator;
} ndup_shard_options;

/* One shard, as many threads as processors, and nothing named yet. */
NDUP_API void ndup_shard_options_init(ndup_shard_options *options);

/* Finds out which documents have to be judged together, because they share a text or a bucket, be
 * it through others; deals these components to shards, the largest first, and writes that to a
 * file. `buckets` are files of all shards of bucketing. Cost: 5 bytes a document. Errors: INVALID
 * where files are of other parts, or one is missing or there twice, naming it; CORRUPT, VERSION,
 * IO, MEMORY, NOT_FOUND. */
NDUP_API NDUP_NODISCARD ndup_status ndup_components_find(const char *path,
                                                         const char *const *buckets, size_t count,
                                                         uint32_t shards, const ndup_hooks *hooks,
                                                         ndup_error *error);

/* Counts in how many texts shingles stand (neardup/corpus_frequencies.h) over a shard of the texts
 * that tell forms, and writes that to a file. Reads some texts of the inputs again. Errors: as
 * below. */
NDUP_API NDUP_NODISCARD ndup_status ndup_count_shard(const char *path,
                                                     const ndup_shard_options *options,
                                                     const ndup_hooks *hooks, ndup_error *error);

/* Judges the documents of a shard's components and writes the decisions to a file. Cost: memory as
 * of a run over the shard's documents, and of those alone. Errors: INVALID where files do not
 * belong together; UNSUPPORTED for options of runs that shards cannot have (exact, COMPONENTS, a
 * rule that asks for containment), and for texts that were made to have one hash; CHANGED for an
 * input that is not what it was; CORRUPT, VERSION, IO, MEMORY, CANCELLED, NOT_FOUND. */
NDUP_API NDUP_NODISCARD ndup_status ndup_verify_shard(const char *path,
                                                      const ndup_shard_options *options,
                                                      const ndup_hooks *hooks, ndup_error *error);

/* Puts the decisions of all shards together to the result of one run over all inputs, to be written
 * with ndup_result_write. The corpus is opened for it; close it after the result is freed. Errors:
 * as above; INVALID, naming it, for a shard that is missing or there twice. */
NDUP_API NDUP_NODISCARD ndup_status ndup_decide_shards(ndup_result **result, ndup_corpus **corpus,
                                                       const ndup_shard_options *options,
                                                       const ndup_hooks *hooks, ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
