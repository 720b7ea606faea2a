/* SPDX-License-Identifier: MIT */
/* Records of one size that are gathered by partition: in memory as far as that goes, the rest in a
 * temporary file. */
#ifndef NDUP__SPILL_PARTITIONS_H
#define NDUP__SPILL_PARTITIONS_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

struct ndup__partition;
struct ndup__extent;

/* Threads: one adds at a time; after the last one any may load. */
typedef struct ndup__partitions {
    const ndup_allocator *allocator;
    const char *folder;            /* of the temporary file; NULL: TMPDIR or /tmp */
    struct ndup__partition *parts; /* [count] */
    unsigned count;
    size_t record_bytes;
    uint64_t held_bytes; /* in memory */
    uint64_t held_most;
    int file; /* -1: nothing is spilled */
    uint64_t file_bytes;
    struct ndup__extent *extents;
    size_t extent_count;
    size_t extent_capacity;
} ndup__partitions;

/* `held_most`: bytes of memory that records may take. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__partitions_init(ndup__partitions *partitions, unsigned count,
                                                 size_t record_bytes, uint64_t held_most,
                                                 const char *folder,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__partitions_deinit(ndup__partitions *partitions);

/* Adds a record to partition `part`. Errors: MEMORY; those of writing the temporary file. */
NDUP_NODISCARD ndup_status ndup__partitions_add(ndup__partitions *partitions, unsigned part,
                                                const void *record, ndup_error *error);

/* How many records a partition has. */
size_t ndup__partitions_size(const ndup__partitions *partitions, unsigned part);

/* Copies all records of a partition, in the order in which they came, to
 * records[ndup__partitions_size], and gives back their memory. Errors: IO. */
NDUP_NODISCARD ndup_status ndup__partitions_take(ndup__partitions *partitions, unsigned part,
                                                 void *records, ndup_error *error);

#endif
