/* SPDX-License-Identifier: MIT */
/* Tags and comments as the HTML standard's tokeniser reads them, without knowing any element. */
#ifndef NDUP__HTML_TAG_SCAN_H
#define NDUP__HTML_TAG_SCAN_H

#include <stdbool.h>

#include "neardup/document.h"

/* As it stands in the page: character references are not decoded, letters in any case. */
typedef struct ndup__html_attribute {
    ndup_text name;
    ndup_text value; /* between its quotes */
} ndup__html_attribute;

/* Reads on inside a tag. Returns where the next attribute begins to be looked for and fills
 * *attribute; its name is empty at the end of the tag, and the position is behind ">". NULL when
 * the text ends inside the tag. Source: HTML standard, 13.2.5.32 to 13.2.5.40. */
const char *ndup__html_attribute_next(ndup__html_attribute *attribute, const char *at,
                                      const char *end);

/* Whether the text is `word`, which is in lower case, in any case. */
bool ndup__html_is_word(ndup_text text, const char *word);

/* Reads over a comment from behind its "<!--": its end is "-->" or "--!>", and at once for "<!-->"
 * and "<!--->". `end` when it is not closed. */
const char *ndup__html_comment_end(const char *at, const char *end);

/* Where the end tag of an element of characters, whose name is in lower case, begins; `end` if
 * there is none. */
const char *ndup__html_end_tag_find(const char *at, const char *end, const char *name);

#endif
