/* SPDX-License-Identifier: MIT */
/* Which documents have to be judged together, and by which shard. */
#ifndef NDUP__STAGES_COMPONENTS_H
#define NDUP__STAGES_COMPONENTS_H

#include "base/section_file.h"
#include "cluster/union_find.h"

#define NDUP__SHARDS_MOST ((uint32_t)1 << 16)

extern const ndup__section_kind ndup__component_kind;

/* What is known so far of who belongs together. Documents are numbered over all parts. Threads:
 * single-owner. */
typedef struct ndup__component_finder {
    ndup__union_find sets;
    uint8_t
        *large; /* [documents] in how many buckets of NDUP__FORM_BUCKET or more it is, up to 2 */
} ndup__component_finder;

NDUP_NODISCARD ndup_status ndup__component_finder_init(ndup__component_finder *finder,
                                                       size_t documents,
                                                       const ndup_allocator *allocator,
                                                       ndup_error *error);
void ndup__component_finder_deinit(ndup__component_finder *finder);

/* Joins documents. In a bucket every document stands for a class. */
void ndup__component_finder_join(ndup__component_finder *finder, const uint32_t *documents,
                                 size_t count, bool is_bucket);

/* Documents that belong to components of two or more, and the shard of each; all others are kept
 * without being looked at. Zeroed it may be closed. Threads: immutable. */
typedef struct ndup__components {
    ndup__section_file file;
    uint64_t identity; /* of the parts */
    uint64_t dealing;  /* of the parts, and of how they are dealt: files of one dealing fit */
    uint32_t shard_count;
    size_t document_count; /* of all parts */
    size_t count;
    size_t member_count;
    const uint32_t *documents; /* [count] ascending */
    const uint32_t *shards;    /* [count] */
    const uint32_t *members;   /* [member_count] documents whose classes are in two large buckets or
                                  more, ascending */
} ndup__components;

/* Deals the components to shards, the largest first, each to the shard that has the fewest
 * documents, and writes that to a file: the same bytes whatever the order in which documents were
 * joined. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__components_write(const char *path, ndup__component_finder *finder,
                                                  uint64_t identity, uint32_t shard_count,
                                                  ndup_error *error);

/* Errors: those of ndup__section_file_open. */
NDUP_NODISCARD ndup_status ndup__components_open(ndup__components *components, const char *path,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__components_close(ndup__components *components);

/* Marks the documents of a shard: bits over all documents, for the caller to free
 * [document_count / 8 + 1]. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__components_mark(uint8_t **documents,
                                                 const ndup__components *components, uint32_t shard,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);

#endif
