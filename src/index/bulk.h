/* SPDX-License-Identifier: MIT */
/* Filling an index with documents of which it is known whose copies they are. */
#ifndef NDUP__INDEX_BULK_H
#define NDUP__INDEX_BULK_H

#include "index/handle.h"
#include "index/segment_maker.h"

/* Rows go to the database in long transactions; their keys are kept, and become one segment in the
 * end. Zero-initialise. Threads: single-owner, who has the index alone
 * (ndup__index_alone). */
typedef struct ndup__bulk {
    ndup_index *index;
    ndup__session *session;
    uint64_t open;   /* documents of the transaction */
    int64_t started; /* milliseconds since 1970 */
    ndup__segment_maker maker;
} ndup__bulk;

/* Errors: those of the database. */
NDUP_NODISCARD ndup_status ndup__bulk_begin(ndup__bulk *bulk, ndup_index *index, ndup_error *error);

/* Adds a document, to the family whose first has the number `family`, or as the first of its own
 * (0). Its id must not be in the index. *number is its own. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__bulk_add(ndup__bulk *bulk, uint32_t *number,
                                          const ndup__prepared *prepared, uint32_t family,
                                          int64_t added, ndup_error *error);

/* Commits what is open and makes the segment. Errors: as above; those of the segment. */
NDUP_NODISCARD ndup_status ndup__bulk_end(ndup__bulk *bulk, ndup_error *error);

/* In every case after begin: frees what was needed, and gives up a transaction that is open. What
 * was committed before stays, without a segment. */
void ndup__bulk_close(ndup__bulk *bulk);

#endif
