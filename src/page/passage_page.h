/* SPDX-License-Identifier: MIT */
/* The frame of report pages of passages, with the counts of the run. */
#ifndef NDUP__PAGE_PASSAGE_PAGE_H
#define NDUP__PAGE_PASSAGE_PAGE_H

#include "page/page_files.h"
#include "page/passage_counts.h"

/* What every page of a run begins with. */
typedef struct ndup__passage_frame {
    const ndup_passage_run *run;
    const ndup_passage_summary *summary;
    ndup__passage_counts *counts;
} ndup__passage_frame;

/* Writes a page up to its passages, which the caller writes; up to the arrays of what is folded
 * away in them, which the caller writes in the same order, maybe of the first passages only; then
 * the rest. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__passage_page_begin(ndup__out *out,
                                                    const ndup__passage_frame *frame,
                                                    const ndup__report_page *page,
                                                    ndup_error *error);
void ndup__passage_page_middle(ndup__out *out);
void ndup__passage_page_end(ndup__out *out);

#endif
