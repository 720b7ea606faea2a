/* SPDX-License-Identifier: MIT */
/* Where a run would look for texts that are like one: its keys. For those who bring texts together
 * themselves, as on many machines. */
#ifndef NEARDUP_TEXT_KEYS_H
#define NEARDUP_TEXT_KEYS_H

#include <stdint.h>

#include "neardup/dedup.h"
#include "neardup/document.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the keys of texts, with work space that is used again. Threads: single-owner. */
typedef struct ndup_key_reader ndup_key_reader;

/* Options NULL = the default preset. Of them are used: matching, sketch, slots, recall, seed,
 * allocator. Errors: INVALID and NOT_FOUND (name the option), INVALID under a rule of containment,
 * under `exact` and for clusters of components, which look beyond keys; MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_key_reader_new(ndup_key_reader **reader,
                                                        const ndup_dedup_options *options,
                                                        ndup_error *error);
/* A NULL reader is allowed. */
NDUP_API void ndup_key_reader_free(ndup_key_reader *reader);

/* How many keys a text has: one a band. 0 for NULL. */
NDUP_API unsigned ndup_key_reader_count(const ndup_key_reader *reader);

/* The keys of a text. Let two texts be neighbours if they have a key in common: ndup_dedup decides
 * about a text by those alone that it reaches through neighbours, and by how often the shingles of
 * forms stand in the corpus. Texts that are IDENTICAL or NORMALIZED are neighbours; unlike ones are
 * by chance, of ten million 12,000 pairs a band. Shapes: *keys has ndup_key_reader_count, all of
 * them the same one where the text has no words; borrowed until the reader's next text. Cost:
 * linear; once the space is there nothing is allocated. Errors: INVALID, MEMORY, LIMIT for 4 GiB or
 * more. */
NDUP_API NDUP_NODISCARD ndup_status ndup_text_keys(const uint64_t **keys, ndup_key_reader *reader,
                                                   ndup_text text, ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
