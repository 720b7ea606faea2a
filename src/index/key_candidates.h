/* SPDX-License-Identifier: MIT */
/* Documents that are worth comparing with the one asked about. */
#ifndef NDUP__INDEX_KEY_CANDIDATES_H
#define NDUP__INDEX_KEY_CANDIDATES_H

#include "index/session.h"

/* Leaves in session->candidates the numbers that are `least` times or more in the list, those that
 * are there most often first, without what is found already. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__candidates_gather(ndup__session *session, ndup__number_list *list,
                                                   uint32_t least, ndup_error *error);

/* Leaves those whose sketches agree with a packed one in enough slots, best first. Errors: those of
 * the database. */
NDUP_NODISCARD ndup_status ndup__candidates_sift(ndup__session *session, const uint8_t *row,
                                                 ndup_error *error);

#endif
