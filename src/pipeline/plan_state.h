/* SPDX-License-Identifier: MIT */
/* A plan that was read back: what it was made from, and one row a document. */
#ifndef NDUP__PIPELINE_PLAN_STATE_H
#define NDUP__PIPELINE_PLAN_STATE_H

#include "base/arena.h"
#include "neardup/dedup.h"
#include "neardup/plan.h"

/* The decision about the document that had this place in the corpus. */
typedef struct ndup__plan_row {
    uint64_t id_hash; /* ndup__id_hash of its id */
    uint64_t text_hash;
    uint64_t survivor; /* number of a row whose survivor is itself */
    double similarity;
    double containment;
    double survivor_containment;
    uint32_t span_tokens;
    uint32_t span_offset;
    uint32_t span_bytes;
    ndup_kind kind;
    bool kept;
    bool grouped;
} ndup__plan_row;

struct ndup_plan {
    const ndup_allocator *allocator;
    ndup__arena strings;
    const char *path; /* of the plan, for messages */
    const char *const *inputs;
    size_t input_count;
    ndup_corpus_options fields; /* the fields and max_record_bytes only */
    ndup_dedup_options options; /* as far as a plan records them */
    ndup_bands bands;           /* bands, rows, slots and recall only */
    ndup_summary search;        /* the counts of the search and the audit only */
    ndup__plan_row *rows;       /* [row_count] in corpus order */
    size_t row_count;
    size_t row_capacity;
    uint64_t kept;
    uint64_t dropped;
};

#endif
