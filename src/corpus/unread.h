/* SPDX-License-Identifier: MIT */
/* Files that are not read, told by their first bytes. */
#ifndef NDUP__CORPUS_UNREAD_H
#define NDUP__CORPUS_UNREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/status.h"

/* Refuses with UNSUPPORTED, in words that say what would help, what begins with these bytes and is
 * no format that is read: documents of offices, pictures, programs, databases. Archives and
 * compressed files are refused only if `archives`, so that a format can claim them first. */
NDUP_NODISCARD ndup_status ndup__unread_refuse(const char *bytes, size_t length, bool archives,
                                               ndup_error *error);

/* Whether the bytes are no text in any encoding that has ASCII in it: more than one in 32 is a
 * control character that texts do not have. Bytes behind a byte order mark of UTF-16 or UTF-32 are
 * text. */
bool ndup__is_binary(const char *bytes, size_t length);

/* UNSUPPORTED for what ndup__is_binary finds. */
ndup_status ndup__unread_fail_binary(ndup_error *error);

/* Whether neardup itself wrote what begins with these bytes: a plan, a summary, decisions, a
 * report. */
bool ndup__is_own_output(const char *bytes, size_t length);

#endif
