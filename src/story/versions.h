/* SPDX-License-Identifier: MIT */
/* The versions of texts: each group of copies with what its documents changed. */
#ifndef NDUP__STORY_VERSIONS_H
#define NDUP__STORY_VERSIONS_H

#include "story/group_run.h"

/* What is told of a document. */
typedef ndup_grouping ndup__grouping_of(const void *context, uint32_t document);

/* Tells the sinks that have `version` of every version, group by group. `copies_of` has the number
 * of each document's group of copies. Nothing is done when no sink has it. Memory: two texts with
 * their tokens at a time, and 8 bytes a document. Errors: those of reading and of the sinks,
 * MEMORY, CANCELLED. */
NDUP_NODISCARD ndup_status ndup__versions_tell(ndup__group_run *run, const uint32_t *copies_of,
                                               ndup__grouping_of *grouping_of, const void *context,
                                               ndup_group_sink *const *sinks, size_t sink_count,
                                               ndup_error *error);

#endif
