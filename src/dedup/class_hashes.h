/* SPDX-License-Identifier: MIT */
/* Whether documents that share a class are the same text, told by a second hash under a secret key:
 * for files that cannot be read at a place, so that two texts are never in memory together. */
#ifndef NDUP__DEDUP_CLASS_HASHES_H
#define NDUP__DEDUP_CLASS_HASHES_H

#include "base/keyed_hash.h"
#include "dedup/run.h"

/* Threads: hashes of different members may be made at once. */
typedef struct ndup__class_hashes {
    ndup__run *run;
    uint64_t key[2];
    uint8_t *has_several;  /* bit per class: it has members here */
    uint8_t *by_tokens;    /* bit per class: its texts differ, or may */
    uint32_t *members;     /* [count] documents of such classes, ascending */
    ndup__hash128 *hashes; /* [count] */
    size_t count;
    size_t class_count;   /* when it was made */
    ndup__tokens *tokens; /* [workers] */
} ndup__class_hashes;

/* Lists the documents of classes with several, where they are still to be checked; none else.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__class_hashes_init(ndup__class_hashes *hashes, ndup__run *run,
                                                   ndup_error *error);
void ndup__class_hashes_deinit(ndup__class_hashes *hashes);

static inline bool ndup__class_hashes_wants(const ndup__class_hashes *hashes, uint32_t class_number)
{
    return hashes->count > 0 &&
           (hashes->has_several[class_number / 8] >> (class_number % 8) & 1) != 0;
}

/* Makes the hash of a member: of its text, where all texts of its class have the same length and
 * hash, else of the bytes of its tokens, or of what is stored where the reading is not in words.
 * Errors: CHANGED, MEMORY, LIMIT. */
NDUP_NODISCARD ndup_status ndup__class_hashes_make(ndup__class_hashes *hashes, size_t member,
                                                   const ndup__item *item, ndup__block *block,
                                                   unsigned worker, ndup_error *error);

/* Once all are made: gives each member that is unlike the first of its class a class of its own.
 * *again: texts differ whose length and hash are the same, which is no accident; all hashes are to
 * be made once more, and nothing was parted. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__class_hashes_compare(bool *again, size_t *parted,
                                                      ndup__class_hashes *hashes,
                                                      ndup_error *error);

#endif
