/* SPDX-License-Identifier: MIT */
/* Whether documents that share a class are the same text. */
#ifndef NDUP__DEDUP_CLASSES_H
#define NDUP__DEDUP_CLASSES_H

#include "dedup/run.h"

/* Compares every document with the first one of its class: by the bytes of its tokens, and where
 * the reading is not in words by what is stored. One that only has the same hash gets a class of
 * its own. Called before the table is sealed. Where a file has no places, run->has_unchecked is set
 * instead, and all is left to ndup__gather_texts. Cost: reads each document that is not the first
 * of its class again. Errors: CHANGED, IO, MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__check_classes(ndup__run *run, ndup_error *error);

/* Sends a notice of documents that had the hash of another text, if there were any. */
void ndup__tell_parted(const ndup__run *run, size_t parted);

#endif
