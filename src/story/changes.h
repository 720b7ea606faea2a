/* SPDX-License-Identifier: MIT */
/* What one version of a text changed of another, as a reader sees it. */
#ifndef NDUP__STORY_CHANGES_H
#define NDUP__STORY_CHANGES_H

#include "neardup/group.h"
#include "similarity/align.h"
#include "text/tokenize.h"

/* Work space and result: zero-initialise, set the allocator of all three, free at the end. Threads:
 * single-owner. */
typedef struct ndup__changes {
    ndup__tokens of; /* of the text that versions are compared with */
    ndup__tokens own;
    ndup__aligner aligner;
    ndup_change *items; /* [count] */
    size_t count, capacity;
} ndup__changes;

void ndup__changes_init(ndup__changes *changes, const ndup_allocator *allocator);
void ndup__changes_deinit(ndup__changes *changes);

/* Takes the text that versions are compared with from here on. Errors: MEMORY; LIMIT for a text of
 * 4 GiB or more. */
NDUP_NODISCARD ndup_status ndup__changes_take_of(ndup__changes *changes, ndup_text of,
                                                 ndup_error *error);

/* Finds what `own` has in place of parts of `of`, which was taken: what lies between two changes is
 * the same in both but for the kind and amount of white space. Words are changed as wholes.
 * Changes with no word between are one, and so are those with one word of at most three letters, or
 * with up to seven words that are no more than a quarter of either. Those of marks or case alone
 * have no tokens. Cost: that of ndup__align. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__changes_find(ndup__changes *changes, ndup_text of, ndup_text own,
                                              ndup_error *error);

#endif
