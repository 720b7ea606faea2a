/* SPDX-License-Identifier: MIT */
/* Text whose encoding somebody has named, rightly or wrongly. */
#ifndef NDUP__CORPUS_LABELLED_H
#define NDUP__CORPUS_LABELLED_H

#include "base/arena.h"
#include "html/charset.h"

/* *utf8 is the text in UTF-8: the very bytes where they are valid, else in the arena. What is valid
 * UTF-8 is that, whatever the label says, unless it has the escapes of ISO-2022-JP. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__labelled_decode(ndup_text *utf8, uint64_t *replaced,
                                                 const ndup__charset *charset, ndup__arena *arena,
                                                 ndup_text bytes, ndup_error *error);

#endif
