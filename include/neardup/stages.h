/* SPDX-License-Identifier: MIT */
/* A run in stages, with files between them: for corpora that are sketched part by part, on any
 * machines. */
#ifndef NEARDUP_STAGES_H
#define NEARDUP_STAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One of `of` shares of a piece of work, number 0 to of - 1. Zeroed it is all of it. */
typedef struct ndup_shard {
    uint32_t number;
    uint32_t of;
} ndup_shard;

/* Reads the documents of a share of the corpus's files and writes what a run's first pass finds out
 * about them to a file, a part. Shares are runs of whole files, in order, of about as many bytes
 * each; the corpus has only the files of the share afterwards. An existing file is replaced if it
 * is a part. *summary, which may be NULL, gets the counts of reading; `frequencies` of the options
 * is not looked at, and globs of never_drop that match nothing are notices. Of all that decides the
 * answer there is a note in the part, so that only parts of one run go together. Errors: INVALID
 * for a shard that there is not, and for options that look at more than a document's own component
 * (exact, pairs, audit, COMPONENTS, rules of containment); EXISTS for another file at `path`; those
 * of ndup_dedup's reading. */
NDUP_API NDUP_NODISCARD ndup_status ndup_sketch_part(const char *path, ndup_corpus *corpus,
                                                     const ndup_dedup_options *options,
                                                     ndup_shard shard, ndup_summary *summary,
                                                     const ndup_hooks *hooks, ndup_error *error);

/* Whether the file at the path begins as a part; false also for NULL and for what cannot be read.
 */
NDUP_API bool ndup_is_part(const char *path);

/* Makes one part of several, which may be named in any order: of the same documents as all of them.
 * Their files must be where they were. Errors: INVALID where parts do not go together, naming the
 * first option that differs, a part that is named twice and shards that are missing; VERSION,
 * CORRUPT; EXISTS as for ndup_sketch_part; CHANGED, IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_parts_merge(const char *path, const char *const *parts,
                                                     size_t count, const ndup_allocator *allocator,
                                                     ndup_error *error);

/* What a share of the keys has brought together. */
typedef struct ndup_bucket_summary {
    uint64_t documents; /* of all parts */
    uint64_t classes;   /* distinct texts that two documents or more have */
    uint64_t class_members;
    uint64_t buckets; /* keys of a band that two distinct texts or more share */
    uint64_t bucket_members;
    uint64_t largest; /* members of the largest of both */
} ndup_bucket_summary;

/* Writes who shares a key, for a share of all keys: documents of the same text, and texts of which
 * a band is the same. All groups of a key are in one share. An existing file is replaced if it is
 * one of buckets. *summary may be NULL. Cost: 16 bytes of memory a text and share of it, and 12 a
 * text. Errors: as of ndup_parts_merge; CANCELLED. */
NDUP_API NDUP_NODISCARD ndup_status ndup_bucket_parts(const char *path, const char *const *parts,
                                                      size_t count, ndup_shard shard,
                                                      ndup_bucket_summary *summary,
                                                      const ndup_allocator *allocator,
                                                      const ndup_hooks *hooks, ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
