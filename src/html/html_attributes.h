/* SPDX-License-Identifier: MIT */
/* What the attributes of a start tag make of its element. */
#ifndef NDUP__HTML_HTML_ATTRIBUTES_H
#define NDUP__HTML_HTML_ATTRIBUTES_H

#include "html/html_tags.h"
#include "html/tag_scan.h"

/* What this attribute makes of an element that was `before`. */
ndup__html_mark ndup__html_attribute_mark(const ndup__html_attribute *attribute,
                                          ndup__html_mark before);

#endif
