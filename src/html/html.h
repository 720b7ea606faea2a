/* SPDX-License-Identifier: MIT */
/* Web pages: the bytes of a page in, its blocks of text and what it says about itself out. */
#ifndef NDUP__HTML_HTML_H
#define NDUP__HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "neardup/document.h"
#include "neardup/unit.h"

/* An extractor with its working memory, used for one page after the other. Threads: single-owner.
 */
typedef struct ndup__html ndup__html;

/* What is known of a page beside its bytes. Zero-initialise, then set what is known. */
typedef struct ndup__html_hints {
    ndup_text content_type; /* value of the HTTP header: text/html; charset=gbk */
    ndup_text url;          /* where the page was fetched: http://host/path */
    bool is_utf8;           /* the bytes were decoded already: what the page says is ignored */
    bool is_xhtml;          /* it is, whatever the page says */
    size_t most_bytes;      /* of the text and its units; 0 = no limit */
} ndup__html_hints;

/* What was found. Absent parts are empty. */
typedef struct ndup__html_page {
    ndup_text text; /* UTF-8: the blocks in the order of the page, joined by an empty line */
    const ndup_unit *units; /* [unit_count], one a block; a table's row is a block */
    size_t unit_count;
    ndup_text title;      /* og:title, else <title> */
    ndup_text url;        /* canonical address, else og:url, else the hint */
    ndup_text source;     /* og:site_name, else the host of url */
    ndup_text date;       /* of publication, ISO 8601 */
    ndup_text language;   /* BCP 47, as given: en, pt-BR */
    const char *encoding; /* name in the WHATWG Encoding Standard: "UTF-8", "windows-1252" */
    uint64_t replaced;    /* damaged sequences that became U+FFFD */
} ndup__html_page;

/* Whether this build can read web pages (it was built with Gumbo). */
bool ndup__html_is_available(void);

/* Errors: UNSUPPORTED in a build without Gumbo; MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_new(ndup__html **html, const ndup_allocator *allocator,
                                          ndup_error *error);
void ndup__html_free(ndup__html *html);

/* Reads a page. The parts of *page live in `arena`, but for those taken from the hints. Encoding:
 * ndup__charset_detect_page. XHTML is read as that (ndup__xhtml_find). Left out: scripts, styles,
 * templates, forms' controls; navigation by element or role, unless it holds running text
 * (ndup__html_trial_end); what is hidden by attribute or inline style, and <noframes>, unless that
 * is nearly everything. Lines parted by <br> are paragraphs where they are long
 * (ndup__html_lines_part).
 * Anything is a page: there is no such thing as invalid markup. The same bytes and hints give the
 * same page. Cost: linear in length, whatever the nesting. Errors: LIMIT for markup that asks for
 * absurd amounts of memory, and for more than most_bytes; MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_extract(ndup__html_page *page, ndup__html *html,
                                              const char *bytes, size_t length,
                                              const ndup__html_hints *hints, ndup__arena *arena,
                                              ndup_error *error);

#endif
