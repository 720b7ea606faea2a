/* SPDX-License-Identifier: MIT */
/* What report pages of flag runs hold: documents with their repeats marked in place. */
#ifndef NDUP__REPORT_FLAG_PAGE_H
#define NDUP__REPORT_FLAG_PAGE_H

#include "report/flag_marks.h"
#include "report/page_files.h"

/* How much is shown of a document. */
typedef struct ndup__flag_page_limits {
    size_t repeats;
    size_t text_bytes;
} ndup__flag_page_limits;

/* What documents are put in order by. */
typedef struct ndup__flag_rank {
    uint64_t repeated_bytes;
    uint64_t number;
} ndup__flag_rank;

/* Whether a comes before b: it repeats more, or stands first. */
bool ndup__flag_rank_is_before(const ndup__flag_rank *a, const ndup__flag_rank *b);

/* Writes one document as an object. `out` must be embedding. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__flag_page_document(ndup__out *out, ndup__flag_marks *marks,
                                                    const ndup_flagged *flagged,
                                                    const ndup__flag_page_limits *limits,
                                                    ndup_error *error);

/* Writes a page up to its documents, which the caller writes; then the rest. */
void ndup__flag_page_begin(ndup__out *out, const ndup_flag_run *run,
                           const ndup_flag_summary *summary, const ndup__report_page *page);
void ndup__flag_page_end(ndup__out *out);

#endif
