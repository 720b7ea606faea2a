/* SPDX-License-Identifier: MIT */
/* What a record of a web archive holds: by what its Content-Type says, else by how it begins. */
#ifndef NDUP__CORPUS_MEDIA_TYPE_H
#define NDUP__CORPUS_MEDIA_TYPE_H

#include <stdbool.h>

#include "neardup/document.h"

typedef enum ndup__media {
    NDUP__MEDIA_OTHER, /* neither text nor page */
    NDUP__MEDIA_TEXT,
    NDUP__MEDIA_PAGE,
    NDUP__MEDIA_XHTML,
    NDUP__MEDIA_UNKNOWN /* the type does not say: the body does */
} ndup__media;

/* What a value like "text/html; charset=utf-8" says. As sloppy as servers are: in any case, with
 * anything behind the type, or more than one type (the first counts). UNKNOWN for no type, for what
 * is none (*, html) and for XML. */
ndup__media ndup__media_of(ndup_text content_type);

/* What a body of unknown type is: PAGE if it begins like one, XHTML if it is XML that does, else
 * OTHER. Source: WHATWG MIME Sniffing, 7.1. */
ndup__media ndup__media_sniff(ndup_text body);

#endif
