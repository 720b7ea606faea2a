/* SPDX-License-Identifier: MIT */
/* Units: the parts of a document that are compared with each other. */
#ifndef NEARDUP_UNIT_H
#define NEARDUP_UNIT_H

#include <stddef.h>

#include "neardup/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a unit is in its document. A text says little about this: its units are paragraphs, but for
 * what stands out (list markers, verse). Markup says more. */
typedef enum ndup_unit_kind {
    NDUP_UNIT_PARAGRAPH = 0,
    NDUP_UNIT_HEADLINE = 1,
    NDUP_UNIT_CAPTION = 2,
    NDUP_UNIT_LIST_ITEM = 3,
    NDUP_UNIT_QUOTE = 4,
    NDUP_UNIT_CODE = 5,
    NDUP_UNIT_TABLE = 6 /* a row or a cell of a table */
} ndup_unit_kind;

/* "paragraph", "headline", "caption", "list_item", "quote", "code", "table"; NULL for other values.
 * Threads: immutable. */
NDUP_API const char *ndup_unit_kind_name(ndup_unit_kind kind);

/* A unit: a run of bytes of the document's text. Units of a document are in the order of their
 * offsets and do not overlap; what stands between them belongs to none. */
typedef struct ndup_unit {
    size_t offset; /* bytes, in the document's text */
    size_t length; /* bytes */
    ndup_unit_kind kind;
} ndup_unit;

#ifdef __cplusplus
}
#endif
#endif
