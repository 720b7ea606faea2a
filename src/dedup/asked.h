/* SPDX-License-Identifier: MIT */
/* What the options ask for by name and no document has. */
#ifndef NDUP__DEDUP_ASKED_H
#define NDUP__DEDUP_ASKED_H

#include "cluster/keep.h"
#include "neardup/dedup.h"

/* A date that was not read: the first one in the corpus. */
typedef struct ndup__date_example {
    uint64_t count;
    ndup__place place;
    char text[41];
} ndup__date_example;

/* What some documents were found to have. Put together from those of the workers in any order.
 * Threads: single-owner. */
typedef struct ndup__asked {
    const ndup_dedup_options *options;
    const ndup__keep_policy *policy;
    const ndup_allocator *allocator;
    uint8_t *guards;   /* [never_drop_count] whether a document matches */
    unsigned elements; /* bits by element of the policy: whether it says something about one */
    uint64_t dates;    /* read by newest or oldest, or not */
    ndup__date_example unknown;
    ndup__date_example open; /* which is the day and which the month? */
} ndup__asked;

NDUP_NODISCARD ndup_status ndup__asked_init(ndup__asked *asked, const ndup_dedup_options *options,
                                            const ndup__keep_policy *policy, ndup_error *error);
/* Forgets what was found. */
void ndup__asked_reset(ndup__asked *asked);
void ndup__asked_deinit(ndup__asked *asked);

/* Whether the document may never be dropped; notes the globs that it matches. */
bool ndup__asked_protects(ndup__asked *asked, const ndup_document *document);

/* Notes what the document's keep values say. */
void ndup__asked_note(ndup__asked *asked, const ndup__keep_value *values, const ndup__item *item);

void ndup__asked_merge(ndup__asked *asked, const ndup__asked *other);

/* Sends a notice for what was not found. Errors: NOT_FOUND for a glob of documents never to be
 * dropped that matches none, unless the options allow it. */
NDUP_NODISCARD ndup_status ndup__asked_report(const ndup__asked *asked, const ndup_hooks *hooks,
                                              ndup_error *error);

#endif
