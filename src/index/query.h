/* SPDX-License-Identifier: MIT */
/* Which documents of an index one is like. */
#ifndef NDUP__INDEX_QUERY_H
#define NDUP__INDEX_QUERY_H

#include "index/session.h"

/* What is asked besides the document. */
typedef struct ndup__asking {
    size_t matches;         /* most that are told */
    double within_days;     /* 0: whatever the dates */
    uint32_t except_family; /* members of it are no matches; 0: none */
} ndup__asking;

/* Finds the documents that a prepared one is like, in session->found; within a transaction. Errors:
 * those of database and segments, MEMORY. Cost: a look-up of each key, and some 100 rows at most.
 */
NDUP_NODISCARD ndup_status ndup__query(ndup__session *session, const ndup__prepared *prepared,
                                       const ndup__asking *asking, ndup_error *error);

/* The number of the document with an id; 0: there is none. */
NDUP_NODISCARD ndup_status ndup__find_id(ndup__session *session, uint32_t *number, ndup_text id,
                                         ndup_error *error);

/* Whether a match makes the document superfluous. */
static inline bool ndup__is_copy(ndup_kind kind)
{
    return kind != NDUP_KIND_NONE && kind != NDUP_KIND_TEMPLATE;
}

#endif
