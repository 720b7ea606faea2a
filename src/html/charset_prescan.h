/* SPDX-License-Identifier: MIT */
/* What a page says about its own encoding. */
#ifndef NDUP__HTML_CHARSET_PRESCAN_H
#define NDUP__HTML_CHARSET_PRESCAN_H

#include "html/charset.h"

/* The value of `key=value`, `key = "value"` or `key='value'` in at[0..end), the key in any case;
 * empty if there is none. */
ndup_text ndup__charset_parameter(const char *at, const char *end, const char *key);

/* The encoding that the page's beginning names: in an XML declaration, or in the first <meta> that
 * is neither in a comment nor in a script, a style, a title or another element of characters. NULL
 * if it names none. Cost: linear. Source: HTML standard, "prescan a byte stream". */
const ndup__charset *ndup__charset_prescan(const char *bytes, size_t length);

#endif
