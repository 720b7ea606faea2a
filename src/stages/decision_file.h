/* SPDX-License-Identifier: MIT */
/* The decisions of a shard as a file. */
#ifndef NDUP__STAGES_DECISION_FILE_H
#define NDUP__STAGES_DECISION_FILE_H

#include "base/section_file.h"
#include "dedup/groups.h"
#include "stages/part_run.h"

extern const ndup__section_kind ndup__decision_kind;

/* In flags. */
#define NDUP__DECISION_DROPPED 1u /* else it is kept, and fills the form of another */
#define NDUP__DECISION_FORM 2u    /* the two fill one form */

/* How a class compares with another that is kept; documents are those that stand for classes, by
 * their numbers among all. Classes without a line are kept. */
typedef struct ndup__decision {
    uint32_t document;
    uint32_t other;
    uint32_t flags;
    uint32_t span_tokens; /* this and what follows as in ndup__match */
    uint32_t span_offset;
    uint32_t span_bytes;
    double similarity;
    double containment;
    double other_containment;
} ndup__decision;

/* What a shard counted, in the order of ndup_summary. */
typedef struct ndup__decision_counts {
    uint64_t candidates;
    uint64_t verified;
    uint64_t similar;
    uint64_t split_buckets;
    uint64_t largest_bucket;
    uint64_t crowded;
    uint64_t capped;
    uint64_t histogram[101];
} ndup__decision_counts;

/* An open file. Zeroed it may be closed. Threads: immutable. */
typedef struct ndup__decision_file {
    ndup__section_file file;
    uint64_t identity; /* of the parts */
    uint64_t dealing;  /* of the file of components */
    uint32_t shard;
    uint32_t shards;
    size_t count;
    const ndup__decision *decisions; /* [count] */
    const ndup__decision_counts *counts;
} ndup__decision_file;

/* Whose decisions they are. */
typedef struct ndup__decision_origin {
    uint64_t identity;
    uint64_t dealing;
    uint32_t shard;
    uint32_t shards;
} ndup__decision_origin;

/* Writes what a run over parts has decided. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__decision_file_write(const char *path,
                                                     const ndup__decision_origin *origin,
                                                     const ndup__part_run *parts,
                                                     const ndup__groups *groups, ndup_error *error);

/* Errors: those of ndup__section_file_open. */
NDUP_NODISCARD ndup_status ndup__decision_file_open(ndup__decision_file *decisions,
                                                    const char *path,
                                                    const ndup_allocator *allocator,
                                                    ndup_error *error);
void ndup__decision_file_close(ndup__decision_file *decisions);

/* Enters the decisions into the groups of a run over all parts, and adds what was counted to its
 * summary. Errors: CORRUPT where they do not fit its table; MEMORY. */
NDUP_NODISCARD ndup_status ndup__decision_file_apply(ndup__decision_file *decisions,
                                                     ndup__groups *groups, ndup__run *run,
                                                     ndup_error *error);

#endif
