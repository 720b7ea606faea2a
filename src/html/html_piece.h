/* SPDX-License-Identifier: MIT */
/* Writing a piece of a page, and the elements that are open in it. */
#ifndef NDUP__HTML_HTML_PIECE_H
#define NDUP__HTML_HTML_PIECE_H

#include <string.h>

#include "base/alloc.h"
#include "html/html_trim.h"

/* Makes room for `more` bytes of markup. Errors: MEMORY. */
static inline ndup_status ndup__html_piece_reserve(ndup__html_trim *trim, size_t more,
                                                   ndup_error *error)
{
    return ndup__reserve(trim->allocator, &trim->markup, &trim->capacity, trim->length + more, 1,
                         error);
}

/* Appends to the markup, for which there is room. */
static inline void ndup__html_piece_put(ndup__html_trim *trim, const char *bytes, size_t length)
{
    memcpy(trim->markup + trim->length, bytes, length);
    trim->length += length;
}

static inline void ndup__html_piece_put_string(ndup__html_trim *trim, const char *string)
{
    ndup__html_piece_put(trim, string, strlen(string));
}

/* Appends the attribute that carries a mark, NDUP__HTML_MARK_BYTES at most. */
#define NDUP__HTML_MARK_BYTES 8
void ndup__html_piece_put_mark(ndup__html_trim *trim, ndup__html_mark mark);

/* Appends "</name>". Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_piece_put_end(ndup__html_trim *trim, GumboTag tag,
                                                    ndup_error *error);

/* An element begins; there is room for another. */
void ndup__html_piece_open(ndup__html_trim *trim, GumboTag tag, ndup__html_mark mark);

/* An end tag ends its element, if it is open, and all that are open inside; one of formatting only
 * that. */
void ndup__html_piece_close(ndup__html_trim *trim, GumboTag tag, unsigned traits);

/* Appends the end tags of what is open inside of the innermost element of this name, which is left
 * out: to the parser a division that is never closed would keep <video> or <map> open, and the rest
 * of the page would be left out, too. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_piece_end_inside(ndup__html_trim *trim, GumboTag tag,
                                                       ndup_error *error);

/* Forgets what is open. */
void ndup__html_piece_forget(ndup__html_trim *trim);

/* Appends the start tags of what is open. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_piece_reopen(ndup__html_trim *trim, ndup_error *error);

#endif
