/* SPDX-License-Identifier: MIT */
/* Filling an index with documents of which it is known whose copies they are. */
#ifndef NDUP__INDEX_BULK_H
#define NDUP__INDEX_BULK_H

#include "index/handle.h"

/* Rows go to the database in long transactions, and no key to memory: the segments are made of the
 * rows at the end. Zero-initialise. Threads: single-owner, who has the index alone
 * (ndup__index_alone). */
typedef struct ndup__bulk {
    ndup_index *index;
    ndup__session *session;
    uint64_t open;   /* documents of the transaction */
    int64_t started; /* milliseconds since 1970 */
} ndup__bulk;

/* Errors: those of the database. */
NDUP_NODISCARD ndup_status ndup__bulk_begin(ndup__bulk *bulk, ndup_index *index, ndup_error *error);

/* Adds a document, to the family whose first has the number `family`, or as the first of its own
 * (0). Its id must not be in the index. *number is its own. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__bulk_add(ndup__bulk *bulk, uint32_t *number,
                                          const ndup__prepared *prepared, uint32_t family,
                                          int64_t added, ndup_error *error);

/* Commits what is open and makes the segments. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__bulk_end(ndup__bulk *bulk, ndup_error *error);

/* Gives up the open transaction; what was committed before stays, without segments. */
void ndup__bulk_abort(ndup__bulk *bulk);

#endif
