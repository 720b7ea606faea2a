/* SPDX-License-Identifier: MIT */
/* Looking at texts in UTF-16 and UTF-32 as if they were ASCII. */
#ifndef NDUP__CORPUS_WIDE_TEXT_H
#define NDUP__CORPUS_WIDE_TEXT_H

#include "corpus/encoding.h"

/* Enough of a text to tell its form. */
#define NDUP__NARROW_BYTES 4096

/* The first characters of a text in UTF-16 or UTF-32, which its mark, its zero bytes or `encoding`
 * tell, as ASCII with '?' for all others. Returns how many there are; 0 where it is another text.
 */
size_t ndup__wide_text_narrow(char narrow[NDUP__NARROW_BYTES], const ndup__encoding *encoding,
                              const char *bytes, size_t length);

#endif
