/* SPDX-License-Identifier: MIT */
/* Some hundred classes in keep order that are judged together. */
#ifndef NDUP__DEDUP_JUDGE_BATCH_H
#define NDUP__DEDUP_JUDGE_BATCH_H

#include "dedup/groups.h"

#define NDUP__BATCH 512
#define NDUP__BATCH_GRAIN 8

/* Comparisons of one worker. */
typedef struct ndup__comparisons {
    ndup__comparison *items;
    size_t count;
    size_t capacity;
} ndup__comparisons;

/* What was found out about a class. */
typedef struct ndup__finding {
    bool is_dropped;
    bool is_capped;
    bool has_form;
    ndup__match match;
    ndup__match form;  /* the first of one form, with has_form */
    uint64_t gathered; /* candidates before sifting */
    bool is_crowded;   /* so many that a finer sketch told them apart */
} ndup__finding;

/* One class of a batch. */
typedef struct ndup__batch_entry {
    uint32_t class_number;
    uint32_t rank;
    ndup__finding similar;   /* among what is like it */
    ndup__finding contained; /* among what contains it, where nothing is like it */
    unsigned worker;         /* whose comparisons in advance are its own: */
    size_t made_begin, made_count;
} ndup__batch_entry;

typedef struct ndup__judge_batch {
    ndup__judge *judge;
    ndup__leaders leaders;
    ndup__batch_entry entries[NDUP__BATCH];
    size_t count;
    ndup__comparisons *made;  /* [workers] */
    ndup__class_pairs *pairs; /* [workers] found by ndup__judge_pairs */
} ndup__judge_batch;

NDUP_NODISCARD ndup_status ndup__batch_new(ndup__judge_batch **batch, ndup__judge *judge,
                                           ndup_error *error);
void ndup__batch_free(ndup__judge_batch *batch);

/* Fills the batch with the next classes that have others; *rank moves on. The rest are kept
 * unseen. */
void ndup__batch_fill(ndup__judge_batch *batch, size_t *rank);

/* The class is there for those behind it. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__batch_keep(ndup__judge_batch *batch,
                                            const ndup__batch_entry *entry, ndup_error *error);

#endif
