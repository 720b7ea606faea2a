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
    char prefix[NDUP__XHTML_PREFIX_BYTES]; /* "h:" where elements are written <h:p>; lower case */
    size_t prefix_length;
    const char *doctype; /* the first one, behind its "<", and its end; NULL if there is none */
    const char *doctype_end;
} ndup__xhtml;

/* Reads the beginning of a page up to its root element; false where it is HTML. Cost: linear in
 * what stands before the root and in it. */
bool ndup__xhtml_find(ndup__xhtml *found, ndup_text page);

/* Whether the name has the prefix that is XHTML's. */
bool ndup__xhtml_has_prefix(const ndup__xhtml *xhtml, const char *name, const char *end);

/* The end of the declaration at `at`, behind its "<": a document type with the declarations in it,
 * or anything up to ">". For a CDATA section it is where its text begins, and *cdata_end,
 * which is left alone otherwise, where its "]]>" stands, or `end`. */
const char *ndup__xhtml_declaration_end(const char **cdata_end, const ndup__xhtml *xhtml,
                                        const char *at, const char *end);

#endif
