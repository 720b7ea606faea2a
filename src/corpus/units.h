/* SPDX-License-Identifier: MIT */
/* The units of a document. */
#ifndef NDUP__CORPUS_UNITS_H
#define NDUP__CORPUS_UNITS_H

#include "neardup/document.h"
#include "text/paragraph.h"

/* Those that the reader found, or those of the text, split into `paragraphs` (Markdown where the
 * file's name says so). Borrowed. Errors: MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__document_units(const ndup_unit **units, size_t *count,
                                                ndup__paragraphs *paragraphs,
                                                const ndup_document *document, ndup_error *error);

#endif
