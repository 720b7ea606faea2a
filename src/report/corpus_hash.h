/* SPDX-License-Identifier: MIT */
/* A hash of all texts of a corpus in order: says whether a decision is about it. */
#ifndef NDUP__REPORT_CORPUS_HASH_H
#define NDUP__REPORT_CORPUS_HASH_H

#include "base/hash.h"

#define NDUP__CORPUS_HASH_START 0

/* The hash with one more text, given by the hash of its bytes. Reports and decisions hold it. */
static inline uint64_t ndup__corpus_hash_add(uint64_t hash, uint64_t text_hash)
{
    return ndup__mix64(hash + 1) + text_hash;
}

#endif
