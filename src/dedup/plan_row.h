/* SPDX-License-Identifier: MIT */
/* A verdict as a plan records it: what a result is made of that was not computed but read. */
#ifndef NDUP__DEDUP_PLAN_ROW_H
#define NDUP__DEDUP_PLAN_ROW_H

#include "neardup/dedup.h"

/* The decision about the document that had this place in the corpus. */
typedef struct ndup__plan_row {
    uint64_t id_hash; /* ndup__id_hash of its id */
    uint64_t text_hash;
    uint64_t keep_hash; /* as in ndup_verdict */
    uint64_t survivor;  /* number of a row whose survivor is itself */
    double similarity;
    double containment;
    double survivor_containment;
    uint32_t span_tokens;
    uint32_t span_offset;
    uint32_t span_bytes;
    ndup_kind kind;
    uint64_t form; /* as in ndup_verdict */
    double form_similarity;
    bool formed;
    bool kept;
    bool grouped;
    bool unlisted; /* an edited plan says nothing of it: the hashes are unknown, it is kept */
} ndup__plan_row;

#endif
