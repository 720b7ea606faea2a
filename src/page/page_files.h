/* SPDX-License-Identifier: MIT */
/* Pages around their data, and reports of several of them in a folder. */
#ifndef NDUP__PAGE_PAGE_FILES_H
#define NDUP__PAGE_PAGE_FILES_H

#include "report/folder_output.h"
#include "report/out.h"

/* Groups, or documents of flag runs, on a page of several; tools/report/pages.js knows it, too. */
#define NDUP__PAGE_ENTRIES 50

/* A page of a report. */
typedef struct ndup__report_page {
    bool is_whole; /* the report is one page; all other members are 0 */
    size_t number; /* from 1; 0 is the index, which has the overview but no entries */
    size_t count;  /* of pages without the index */
    size_t run;    /* whose groups it shows */
    size_t first;  /* the first entry */
    size_t entries;
} ndup__report_page;

/* Everything in front of the page's data and behind it. In between strings are embedded. */
void ndup__page_begin(ndup__out *out);
void ndup__page_end(ndup__out *out);

/* The member "page" of an open object; nothing for a whole report. */
void ndup__json_page(ndup__out *out, const ndup__report_page *page);

/* How many pages take so many entries. */
size_t ndup__pages_of(size_t entries);

typedef ndup_status (*ndup__page_writer)(ndup__out *out, void *context,
                                         const ndup__report_page *page, ndup_error *error);

/* Writes index.html, or page-N.html, into the folder that grows. */
NDUP_NODISCARD ndup_status ndup__page_write_file(ndup__folder_output *folder,
                                                 const ndup__report_page *page,
                                                 ndup__page_writer write, void *context,
                                                 ndup_error *error);

/* Writes the index, and as many pages as the entries take. */
NDUP_NODISCARD ndup_status ndup__page_write_files(ndup__folder_output *folder, size_t entries,
                                                  ndup__page_writer write, void *context,
                                                  ndup_error *error);

#endif
