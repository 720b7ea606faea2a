/* SPDX-License-Identifier: MIT */
/* What report pages of flag runs hold: documents with their repeats marked in place. */
#ifndef NDUP__PAGE_FLAG_PAGE_H
#define NDUP__PAGE_FLAG_PAGE_H

#include "page/flag_marks.h"
#include "page/page_files.h"

/* How much is shown of a document. */
typedef struct ndup__flag_page_limits {
    size_t repeats;
    size_t text_bytes;
    size_t folded; /* bytes of passages folded away, as JSON */
} ndup__flag_page_limits;

/* Work space, reused. Zero-initialise, and initialise with ndup__flag_page_work_init. */
typedef struct ndup__flag_page_work {
    ndup__flag_page_limits limits;
    ndup__flag_marks marks;
    ndup__folded folded;
} ndup__flag_page_work;

void ndup__flag_page_work_init(ndup__flag_page_work *work, const ndup__flag_page_limits *limits,
                               const ndup_allocator *allocator);
void ndup__flag_page_work_deinit(ndup__flag_page_work *work);

/* What documents are put in order by. */
typedef struct ndup__flag_rank {
    uint64_t repeated_bytes;
    uint64_t number;
} ndup__flag_rank;

/* Whether a comes before b: it repeats more, or stands first. */
bool ndup__flag_rank_is_before(const ndup__flag_rank *a, const ndup__flag_rank *b);

/* Writes one document as an object, and behind it, from *bytes on, the array of the passages folded
 * away in it. `out` gathers in memory, and embeds. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_page_document(size_t *bytes, ndup__out *out,
                                                    ndup__flag_page_work *work,
                                                    const ndup_flagged *flagged, ndup_error *error);

/* Writes a page up to its documents, which the caller writes; up to the arrays of the passages
 * folded away, which the caller writes in the same order, maybe of the first documents only; then
 * the rest. */
void ndup__flag_page_begin(ndup__out *out, const ndup_flag_run *run,
                           const ndup_flag_summary *summary, const ndup__report_page *page);
void ndup__flag_page_middle(ndup__out *out);
void ndup__flag_page_end(ndup__out *out);

#endif
