/* SPDX-License-Identifier: MIT */
/* What look-alikes of a document have in common: a form, if they are many. */
#ifndef NDUP__INDEX_LOOK_ALIKES_H
#define NDUP__INDEX_LOOK_ALIKES_H

#include "index/session.h"

/* Texts that are looked at, the one asked about among them. */
#define NDUP__LOOK_ALIKES_MOST 48

/* Of a family so many texts that were not added are remembered. */
#define NDUP__WITNESSES_MOST 16

/* Counts the shingles of the document asked about, whose set is session->asked, of the candidates
 * left by the sift, and of their families, in session->frequencies: there are none where these are
 * fewer than make a form. In sets, the document is class 0 and candidate i is class i + 1. Errors:
 * those of the database, MEMORY. */
NDUP_NODISCARD ndup_status ndup__look_alikes_count(ndup__session *session, ndup_error *error);

/* Remembers a text of a family that is not added. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__look_alikes_note(ndup__session *session, uint32_t family,
                                                  const ndup__prepared *prepared,
                                                  ndup_error *error);

#endif
