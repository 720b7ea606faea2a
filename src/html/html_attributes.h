/* SPDX-License-Identifier: MIT */
/* The attributes of a start tag, one after the other, and what they make of its element. */
#ifndef NDUP__HTML_HTML_ATTRIBUTES_H
#define NDUP__HTML_HTML_ATTRIBUTES_H

#include "html/html_tags.h"
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

/* What this attribute makes of an element that was `before`. */
ndup__html_mark ndup__html_attribute_mark(const ndup__html_attribute *attribute,
                                          ndup__html_mark before);

#endif
