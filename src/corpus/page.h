/* SPDX-License-Identifier: MIT */
/* Documents out of web pages. */
#ifndef NDUP__CORPUS_PAGE_H
#define NDUP__CORPUS_PAGE_H

#include "corpus/reader.h"
#include "html/html.h"

/* Sets the text and units of *document from a page, and those of title, url, source, date and
 * language that are empty. They live in the block's arena. Any thread, one at a time for a block.
 * Errors: those of ndup__html_new and ndup__html_extract. */
NDUP_NODISCARD ndup_status ndup__page_read(ndup_document *document, uint64_t *replaced,
                                           ndup__block *block, ndup_text page,
                                           const ndup__html_hints *hints, ndup_error *error);

#endif
