/* SPDX-License-Identifier: MIT */
/* The runs of a report, and the pages that show them. */
#ifndef NDUP__PAGE_REPORT_BOOK_H
#define NDUP__PAGE_REPORT_BOOK_H

#include "page/page_files.h"
#include "page/report_run.h"

/* One or more runs, in the order in which they begin. Zero-initialise, set the allocator and the
 * limits, which all runs together keep to. */
typedef struct ndup__report_book {
    const ndup_allocator *allocator;
    ndup__report_limits limits;
    ndup__report_run **runs; /* [run_count] */
    size_t run_count;
    size_t run_capacity;
} ndup__report_book;

/* Begins one more run; its result must live until the pages are written. */
NDUP_NODISCARD ndup_status ndup__report_book_begin(ndup__report_book *book,
                                                   const ndup_result *result, ndup_error *error);

/* Takes a document of the run that began last. */
NDUP_NODISCARD ndup_status ndup__report_book_add(ndup__report_book *book,
                                                 const ndup_verdict *verdict,
                                                 const ndup_document *document, ndup_error *error);

/* After the last document of the last run. */
NDUP_NODISCARD ndup_status ndup__report_book_end(ndup__report_book *book, ndup_error *error);

/* Writes one page, from doctype to </html>. */
NDUP_NODISCARD ndup_status ndup__report_book_write(ndup__out *out, ndup__report_book *book,
                                                   const ndup__report_page *page,
                                                   ndup_error *error);

void ndup__report_book_deinit(ndup__report_book *book);

#endif
