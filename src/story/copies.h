/* SPDX-License-Identifier: MIT */
/* Which documents are copies of which, by verdicts and by shared passages. */
#ifndef NDUP__STORY_COPIES_H
#define NDUP__STORY_COPIES_H

#include "neardup/dedup.h"
#include "neardup/group.h"
#include "reuse/reuse_run.h"

/* The group of copies that a document is in. */
typedef struct ndup__copy {
    uint32_t first; /* the first document of its group; itself where it is that */
    uint32_t of;    /* what it was compared with: that, or for PARTIAL whom it takes from */
    ndup_role role;
    float share;    /* of its tokens that stand in the first */
    float of_share; /* of the first's tokens that stand in it */
    float similarity;
} ndup__copy;

/* Documents in the order of dates, then ids; undated ones last. Shapes: order[count].
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__order_documents(uint32_t *order,
                                                 const ndup__reuse_document *documents,
                                                 size_t count, const ndup_allocator *allocator,
                                                 ndup_error *error);

/* Groups documents to copies. `order` is theirs; `verdicts` of a run that keeps the oldest; `run`
 * has found the passages of kept ones. A document joins the first of a group that it shares most
 * with, if that is enough; texts of one form do not. Shapes: copies[run->document_count]. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__copies_find(ndup__copy *copies, const ndup__reuse_run *run,
                                             const ndup_result *verdicts, const uint32_t *order,
                                             double share, ndup_error *error);

/* What a document is to a first one before it, by the shares of both that stand in the other. */
ndup_role ndup__copy_role(const ndup__reuse_run *run, uint32_t document, uint32_t other,
                          double share, double of_share);

/* Whether two documents fill one form, and neither has all of the other and much besides. */
bool ndup__copy_is_form(const ndup_result *verdicts, uint32_t document, uint32_t other,
                        double share, double of_share);

#endif
