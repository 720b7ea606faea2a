/* SPDX-License-Identifier: MIT */
/* A plan that was read back: what it was made from, and one row a document. */
#ifndef NDUP__PLAN_PLAN_STATE_H
#define NDUP__PLAN_PLAN_STATE_H

#include "base/arena.h"
#include "cluster/keep.h"
#include "dedup/plan_row.h"
#include "neardup/dedup.h"
#include "neardup/plan.h"

/* As many as a run can have. */
#define NDUP__PLAN_ROWS_MOST ((uint64_t)UINT32_MAX - 1)

struct ndup_plan {
    const ndup_allocator *allocator;
    ndup__arena strings;
    const char *path; /* of the plan, for messages */
    const char *const *inputs;
    size_t input_count;
    ndup_corpus_options fields; /* the fields and max_record_bytes only */
    ndup_dedup_options options; /* as far as a plan records them */
    ndup__keep_policy policy;   /* options.keep */
    bool needs_keep_hash;       /* options.keep or never_drop look at more than texts and places */
    ndup_bands bands;           /* bands, rows, slots and recall only */
    ndup_summary search;        /* the counts of the search and the audit only */
    ndup__plan_row *rows;       /* [row_count] in corpus order */
    size_t row_count;
    size_t row_capacity;
    uint64_t kept;
    uint64_t dropped;
};

#endif
