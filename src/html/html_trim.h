/* SPDX-License-Identifier: MIT */
/* A page cut into pieces of bounded size and depth, without what no reader of text needs. */
#ifndef NDUP__HTML_HTML_TRIM_H
#define NDUP__HTML_HTML_TRIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "html/html_tags.h"
#include "html/xhtml.h"
#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* Deepest nesting of a piece. */
#define NDUP__HTML_DEPTH 256
/* Runs of text stand in the markup as single characters from here on: private use, planes 15 and
 * 16. */
#define NDUP__HTML_RUN_FIRST 0xF0000u
#define NDUP__HTML_RUN_LAST 0x10FFFFu
/* Most scripts of linked data (JSON-LD) that are kept. */
#define NDUP__HTML_LINKED_DATA 16
/* The attribute that carries an element's mark: a digit, an ndup__html_mark. */
#define NDUP__HTML_MARK_NAME "m"

/* Why this stands before the parser: the cost of tree construction is the product of size and
 * depth, the parser looks at every attribute of a tag once for each other, and it takes text in one
 * code point at a time. Scripts, styles, comments and most attributes are left out here at the
 * speed of memchr; a run of text is replaced by one character, to be put back by whoever walks the
 * tree (named character references stay); and the page is cut into pieces before a block when a
 * piece is large, or when elements are nested too deep. A piece begins with the start tags of the
 * elements that were open, unless the depth was the reason. Time and memory are linear in the size
 * of the page whatever it holds. Zero-initialise, set the allocator. Threads: single-owner. */
typedef struct ndup__html_trim {
    const ndup_allocator *allocator;
    const char *at; /* not read yet */
    const char *end;
    const char *text_end; /* of the text that stands at `at`, when it lies behind that */
    char *markup;         /* [length] of the piece */
    size_t length;
    size_t capacity;
    ndup_text *runs; /* [run_count] texts of the piece: borrowed from the page, numeric character
                        references not decoded */
    size_t run_count;
    size_t run_capacity;
    uint8_t tags[NDUP__HTML_DEPTH]; /* open elements, GumboTag */
    uint8_t marks[NDUP__HTML_DEPTH];
    unsigned depth;
    uint16_t open[GUMBO_TAG_LAST]; /* how many of each are open */
    bool is_in_svg;
    bool shows_hidden;
    bool has_noframes; /* there was a <noframes> */
    ndup__xhtml xhtml;
    const char *cdata_end; /* of the CDATA section that is being read, or NULL */
    ndup_text linked_data[NDUP__HTML_LINKED_DATA]; /* of the page so far */
    size_t linked_data_count;
} ndup__html_trim;

/* How a page is to be read. */
typedef struct ndup__html_manner {
    bool is_xhtml;     /* it is, whatever it says of itself */
    bool shows_hidden; /* with what is hidden, and what is for browsers without frames */
} ndup__html_manner;

/* Begins a page: valid UTF-8, borrowed until the last piece is done with. */
void ndup__html_trim_begin(ndup__html_trim *trim, ndup_text page, const ndup__html_manner *manner);

/* Makes the next piece in `markup` and `runs`; *more is false when there is none. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__html_trim_next(ndup__html_trim *trim, bool *more,
                                                ndup_error *error);

void ndup__html_trim_deinit(ndup__html_trim *trim);

#endif
