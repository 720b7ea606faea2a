/* SPDX-License-Identifier: MIT */
/* Where the lines of a text end, whoever wrote it. */
#ifndef NDUP__TEXT_LINE_ENDS_H
#define NDUP__TEXT_LINE_ENDS_H

#include <stdbool.h>
#include <stddef.h>

/* Which line ends a text has besides LF and CR LF. Lines end at Unicode's mandatory breaks (UAX 14:
 * LF, CR, CR LF, VT, FF, NEL, U+2028, U+2029), at a <br> of markup that was left in the text and,
 * where a text without any LF was escaped twice, at the two characters \n. */
typedef struct ndup__line_ends {
    bool has_others;
    bool is_escaped; /* \n counts */
} ndup__line_ends;

/* Cost: linear; a few passes at the speed of memchr. */
ndup__line_ends ndup__line_ends_of(const char *text, size_t length);

/* The end of the line that begins at `begin` <= length, without its line end; *next is where the
 * line behind it begins, or length. */
size_t ndup__line_ends_find(size_t *next, const ndup__line_ends *ends, const char *text,
                            size_t length, size_t begin);

#endif
