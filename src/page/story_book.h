/* SPDX-License-Identifier: MIT */
/* What a page, or a folder of pages, shows of a run of `group`. */
#ifndef NDUP__PAGE_STORY_BOOK_H
#define NDUP__PAGE_STORY_BOOK_H

#include "page/page_files.h"
#include "page/story_shelf.h"
#include "page/story_versions.h"

/* Memory: 28 bytes a document, 40 a story, 32 a version; all else is in temporary files. */
typedef struct ndup__story_book {
    const ndup_allocator *allocator;
    ndup__story_limits limits;
    const ndup_group_run *run;         /* borrowed */
    const ndup_group_summary *summary; /* from the end on; borrowed */
    ndup__story_tally tally;
    ndup__story_choice choice;
    bool is_chosen; /* no document comes any more */
    ndup__document_store *store;
    ndup__story_shelf shelf;
    ndup__story_versions versions;
} ndup__story_book;

/* To be deinitialised even after a failure. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_book_init(ndup__story_book *book,
                                                 const ndup__story_limits *limits,
                                                 const ndup_group_run *run,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__story_book_deinit(ndup__story_book *book);

/* What a sink is called with, in its order. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_book_document(ndup__story_book *book,
                                                     const ndup_grouping *grouping,
                                                     const ndup_document *document,
                                                     ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_book_version(ndup__story_book *book,
                                                    const ndup_text_version *version,
                                                    ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_book_story(ndup__story_book *book, const ndup_story *story,
                                                  ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_book_end(ndup__story_book *book,
                                                const ndup_group_summary *summary,
                                                ndup_error *error);

/* Writes one page, from doctype to </html>. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_book_write(ndup__out *out, const ndup__story_book *book,
                                                  const ndup__report_page *page, ndup_error *error);

#endif
