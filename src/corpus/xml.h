/* SPDX-License-Identifier: MIT */
/* XML cut into its pieces, forgiving: lists that others wrote are seldom well-formed. */
#ifndef NDUP__CORPUS_XML_H
#define NDUP__CORPUS_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "corpus/json_line.h"

typedef enum ndup__xml_kind {
    NDUP__XML_END,     /* no more bytes */
    NDUP__XML_PARTIAL, /* what begins here is not whole */
    NDUP__XML_TEXT,    /* with references in it */
    NDUP__XML_CDATA,   /* text as it stands */
    NDUP__XML_START,
    NDUP__XML_CLOSE,
    NDUP__XML_OTHER /* a comment, an instruction, a document type */
} ndup__xml_kind;

typedef struct ndup__xml_piece {
    ndup__xml_kind kind;
    size_t begin;
    size_t next;       /* where the next piece begins */
    ndup_text name;    /* of START and CLOSE, with its prefix */
    ndup_text content; /* of TEXT and CDATA; of START the attributes */
    bool is_empty;     /* START: <name/> */
} ndup__xml_piece;

/* The longest tag; what is longer, or holds another '<' outside of quotes, is text. */
#define NDUP__XML_TAG_MOST ((size_t)64 << 10)

/* The piece that begins at bytes[at], outside of tags. Text may come in several pieces. The same
 * bytes are the same piece whatever follows them, but for PARTIAL; with `ended` no more bytes
 * follow, and PARTIAL is a comment, section or instruction that is not closed. Cost: linear in the
 * piece. */
ndup__xml_kind ndup__xml_next(ndup__xml_piece *piece, const char *bytes, size_t length, size_t at,
                              bool ended);

/* Behind the close tag of the element whose start tag is *start; `length` if there is none. With
 * `ended` no more bytes follow. */
size_t ndup__xml_element_end(const char *bytes, size_t length, const ndup__xml_piece *start,
                             bool ended, bool *is_closed);

/* The value of an attribute as it stands, without quotes; empty if absent. */
ndup_text ndup__xml_attribute(ndup_text attributes, const char *name);

bool ndup__xml_is(ndup_text name, const char *wanted);

/* The name without its prefix. */
ndup_text ndup__xml_local(ndup_text name);

/* The text without white space at its ends. */
ndup_text ndup__xml_trim(ndup_text text);

/* Appends text with its references resolved: those of XML and numbers. Others stay as they are:
 * those of HTML for its reader, and none is looked up in a document type. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__xml_resolve(ndup__json_line *out, ndup_text text,
                                             ndup_error *error);

#endif
