/* SPDX-License-Identifier: MIT */
/* A run of `group`: what its steps hand to each other. */
#ifndef NDUP__STORY_GROUP_RUN_H
#define NDUP__STORY_GROUP_RUN_H

#include "neardup/group.h"
#include "story/copies.h"
#include "story/stories.h"

typedef struct ndup__group_run {
    const ndup_group_options *options;
    const ndup_allocator *allocator;
    ndup_corpus *corpus;
    const ndup_hooks *hooks;
    ndup_hooks later_hooks; /* of all readings behind the first */
    ndup_group_summary *summary;
    ndup_result *verdicts;
    ndup_passage_options passage_options;
    ndup_passage_summary passages;
    ndup__reuse_run reuse; /* its documents are those of the run */
    bool reuse_is_made;
    uint8_t *left_out;  /* [documents] dropped as near copies */
    uint32_t *order;    /* [documents] by date, then id */
    ndup__copy *copies; /* [documents] */
    uint32_t *firsts;   /* [first_count] firsts of copy groups, in `order`: the texts of stories */
    size_t first_count;
    ndup__term_counts counts;
    ndup__set_phrases phrases;
    ndup__stories stories; /* its texts are `firsts` */
    bool stories_are_made;
} ndup__group_run;

/* Finds copies: verdicts, passages, order, copies, firsts. Errors: those of reading, MEMORY,
 * CANCELLED. */
NDUP_NODISCARD ndup_status ndup__group_copies(ndup__group_run *run, ndup_error *error);

/* Groups the firsts to stories. Errors: as above. */
NDUP_NODISCARD ndup_status ndup__group_stories(ndup__group_run *run, ndup_error *error);

/* Hands documents and stories to the sinks. Errors: as above, and those of the sinks. */
NDUP_NODISCARD ndup_status ndup__group_emit(ndup__group_run *run, ndup_group_sink *const *sinks,
                                            size_t sink_count, ndup_error *error);

/* Reads a document again. */
NDUP_NODISCARD ndup_status ndup__group_fetch(const ndup__group_run *run, uint32_t document,
                                             ndup__block *block, ndup__item *item,
                                             ndup_error *error);

#endif
