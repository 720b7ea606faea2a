/* SPDX-License-Identifier: MIT */
/* Which documents are read again after the first pass, for files that have to be decoded from their
 * beginning. */
#ifndef NDUP__DEDUP_WANTED_H
#define NDUP__DEDUP_WANTED_H

#include "dedup/run.h"
#include "lsh/buckets.h"

/* Gathers the texts that judging will ask for, where files have no places: those of classes that
 * share a bucket, those that frequencies are counted over, and with exact pairs, containment or an
 * audit all. On the way classes that could not be checked are (dedup/class_hashes.h); *has_parted:
 * some fell apart, so that ranks and buckets are to be made anew, and this is to be called again.
 * Nothing is read where there is nothing to ask for. Errors: those of ndup__corpus_gather. */
NDUP_NODISCARD ndup_status ndup__gather_texts(bool *has_parted, ndup__run *run,
                                              const ndup__buckets *buckets, ndup_error *error);

/* Gathers the texts of the classes whose bits are set, and nothing else. Errors: the same. */
NDUP_NODISCARD ndup_status ndup__gather_classes(ndup__run *run, uint8_t *classes,
                                                ndup_error *error);

#endif
