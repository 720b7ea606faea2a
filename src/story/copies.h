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

/* What a document and a first one before it share. */
typedef struct ndup__copy_meeting {
    uint32_t other;
    double share;    /* of the document's tokens */
    double of_share; /* of the other's */
} ndup__copy_meeting;

/* Tokens of both texts that the passages of a pair, by their places in a, cover: those in two
 * passages once. `order` is room for as many. */
void ndup__copy_tokens(uint32_t *a_tokens, uint32_t *b_tokens, uint32_t *order,
                       const ndup__stored_passage *passages, size_t count);

/* Whom a document is like, of those that were weighed. Zero-initialise. */
typedef struct ndup__copy_choice {
    ndup__copy_meeting best;
    double most;     /* share of the shorter one; 0: none is like it enough */
    uint32_t rank;   /* of the best one */
    size_t compiled; /* firsts that stand in it, of which none is most of it */
} ndup__copy_choice;

/* Weighs a first one before the document: `of_shorter` is the share of the shorter one, `least` the
 * one asked for. Of equal ones that with the least rank is taken. */
void ndup__copy_weigh(ndup__copy_choice *choice, const ndup__copy_meeting *met, double of_shorter,
                      uint32_t rank, double least);

/* What follows; `updates`: the best one is of the document's own source, and earlier. */
ndup__copy ndup__copy_join(uint32_t document, const ndup__copy_choice *choice, double least,
                           bool updates);

/* What a near copy is to the document that it was dropped for, whose copy is `survivor`: shares are
 * 1 where the two have the same words. */
ndup__copy ndup__copy_join_survivor(const ndup__copy *survivor, const ndup__copy_meeting *met,
                                    double similarity, bool updates);

/* Whether a document updates one before it: it is of the same source, and later. */
bool ndup__copy_updates(const ndup__reuse_run *run, uint32_t document, uint32_t other);

/* What a document is to a first one before it, by the shares of both that stand in the other. */
ndup_role ndup__copy_role(double share, double of_share, bool updates);

/* Whether one text has all of the other and much besides. Two fillings of a form each have
 * something of their own; this was copied and went on, whatever dedup takes the rest for. */
bool ndup__copy_is_longer(double share, double of_share);

/* Whether two documents fill one form, and neither has all of the other and much besides. */
bool ndup__copy_is_form(const ndup_result *verdicts, uint32_t document, uint32_t other,
                        double share, double of_share);

/* What a copy of a first becomes when that turns out to be a copy itself: as much of its first as
 * it was of it, if that is the same text, else as that is. */
ndup__copy ndup__copy_follow(const ndup__copy *copy, const ndup__copy *first, bool updates);

#endif
