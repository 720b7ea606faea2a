/* SPDX-License-Identifier: MIT */
/* Keep policies in words. */
#ifndef NDUP__REPORT_KEEP_WORDS_H
#define NDUP__REPORT_KEEP_WORDS_H

#include <stddef.h>

#define NDUP__KEEP_WORDS_BYTES 1024

/* Writes one sentence without full stop on what is kept of a group, such as "the longest text;
 * among equals the one whose id comes first", to `words`, cut off if it is too long. `keep` is a
 * chain as in ndup_dedup_options; a policy that is not known stands there as it is. */
void ndup__keep_words(char words[NDUP__KEEP_WORDS_BYTES], const char *keep);

#endif
