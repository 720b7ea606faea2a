/* SPDX-License-Identifier: MIT */
/* What all passages of a run come to, counted as they pass by. */
#ifndef NDUP__PAGE_PASSAGE_COUNTS_H
#define NDUP__PAGE_PASSAGE_COUNTS_H

#include "neardup/passage.h"
#include "report/out.h"
#include "report/sources.h"

/* Steps of the charts: documents of a passage, and its tokens. */
#define NDUP__DOCUMENT_STEPS 10
#define NDUP__TOKEN_STEPS 8

/* What is known of one passage besides its places. */
typedef struct ndup__passage_facts {
    uint64_t sources;  /* different ones */
    uint64_t dated;    /* documents with a date that can be read */
    uint64_t earliest; /* documents that have the earliest date */
    uint32_t tokens;   /* of the first place that is shown */
} ndup__passage_facts;

/* What one source has. */
typedef struct ndup__passage_source {
    uint64_t passages;   /* that stand in it */
    uint64_t first;      /* of these, the ones that one document of it had before all others */
    uint64_t last;       /* 1 + the number of the passage that was counted last */
    uint64_t last_later; /* the same of those that stand in it later than in the first */
} ndup__passage_source;

/* So many passages that one source had first stand in another, or in a later document of its own.
 */
typedef struct ndup__passage_flow {
    uint32_t first; /* rows of the sources */
    uint32_t later;
    uint64_t passages;
} ndup__passage_flow;

/* Initialise with ndup__passage_counts_init. Memory: the names of the sources, 32 bytes
 * each, and 16 to 32 for each two between which a passage goes. */
typedef struct ndup__passage_counts {
    uint64_t by_documents[NDUP__DOCUMENT_STEPS];
    uint64_t by_tokens[NDUP__TOKEN_STEPS];
    uint64_t with_first;        /* one document had it before all others that are dated */
    uint64_t undated;           /* no document has a date */
    uint64_t between;           /* in several sources */
    ndup__sources sources;      /* names */
    ndup__passage_source *rows; /* [sources.count] */
    size_t capacity;
    ndup__passage_flow *flows; /* [flow_count], of which [joined] are different ones, in order */
    size_t flow_count, joined, flow_capacity;
} ndup__passage_counts;

void ndup__passage_counts_init(ndup__passage_counts *counts, const ndup_allocator *allocator);
void ndup__passage_counts_deinit(ndup__passage_counts *counts);

/* Of the place family->places[*at] and those behind that overlap it in the same document, the
 * longest, which is shown for all of them; *at goes on behind. */
const ndup_passage_place *ndup__longest_place(const ndup_passage_family *family, size_t *at);

/* Counts a passage, and says what is known of it. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__passage_counts_add(ndup__passage_facts *facts,
                                                    ndup__passage_counts *counts,
                                                    const ndup_passage_family *family,
                                                    ndup_error *error);

/* Whether one document had the passage before all others that are dated. */
static inline bool ndup__passage_has_first(const ndup__passage_facts *facts)
{
    return facts->earliest == 1;
}

/* The member "counts" of an open object. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__json_passage_overview(ndup__out *out, ndup__passage_counts *counts,
                                                       ndup_error *error);

#endif
