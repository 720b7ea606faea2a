/* SPDX-License-Identifier: MIT */
/* Whether a text says enough to be compared by its words. */
#ifndef NDUP__DEDUP_READING_H
#define NDUP__DEDUP_READING_H

#include "neardup/dedup.h"
#include "text/tokens.h"

/* How well the text was read that gave these tokens. Where a reading is not in words, what is left
 * of the text says nothing about it: only the same bytes are the same text. */
ndup_reading ndup__reading_of(const ndup__tokens *tokens);

#endif
