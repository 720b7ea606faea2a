/* SPDX-License-Identifier: MIT */
/* Why documents are one story. */
#ifndef NDUP__STORY_EXPLANATION_H
#define NDUP__STORY_EXPLANATION_H

#include "story/emission.h"

/* Whether what is to be explained can be: a document has such an id, or it is a number, which may
 * turn out to be that of a story. NULL options are fine. Errors: NOT_FOUND. */
NDUP_NODISCARD ndup_status ndup__explanation_check(const ndup__group_run *run, ndup_error *error);

/* Hands the explanation that was asked for to the sinks that take one. Errors: NOT_FOUND, those of
 * reading, MEMORY, those of the sinks. */
NDUP_NODISCARD ndup_status ndup__explanation_tell(ndup__emission *e, ndup_error *error);

#endif
