/* SPDX-License-Identifier: MIT */
/* Telling XHTML from HTML: in XHTML every element may be written <p/>, names may have a prefix, and
 * CDATA sections are text. */
#ifndef NDUP__HTML_XHTML_H
#define NDUP__HTML_XHTML_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/document.h"

/* Longest prefix that is understood. */
#define NDUP__XHTML_PREFIX_BYTES 16

/* What the beginning of a page says. Zero-initialised it is a page of HTML. */
typedef struct ndup__xhtml {
    bool is_xhtml; /* it has an XML declaration, a document type of XHTML, or `is_root` holds */
    bool is_root;  /* the root is XHTML's html, by its namespace */
    char prefix[NDUP__XHTML_PREFIX_BYTES]; /* "h:" where elements are written <h:p> */
    size_t prefix_length;
} ndup__xhtml;

/* Reads the beginning of a page up to its root element; false where it is HTML. Cost: linear in
 * what stands before the root and in it. */
bool ndup__xhtml_find(ndup__xhtml *found, ndup_text page);

/* The end of the document type that begins at `at`, "<!DOCTYPE", with the declarations in it. */
const char *ndup__xhtml_doctype_end(const char *at, const char *end);

#endif
