/* SPDX-License-Identifier: MIT */
/* Copies that words alone do not tell: texts of one story, looked at closely. */
#ifndef NDUP__STORY_STORY_COPIES_H
#define NDUP__STORY_STORY_COPIES_H

#include "story/group_run.h"

/* Looks in every story for texts that have the same words with damage, as scanning leaves it, or
 * with light edits, and makes copies of them; firsts that are copies now stay in run->firsts, and
 * their copies go with them. Errors: those of reading, MEMORY, CANCELLED. Cost: a reading of the
 * texts in stories of two or more, and an alignment of those that share a fifth of their pairs of
 * words. */
NDUP_NODISCARD ndup_status ndup__story_copies_find(ndup__group_run *run, ndup_error *error);

#endif
