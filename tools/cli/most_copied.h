/* SPDX-License-Identifier: MIT */
/* Which text of a story was copied most. */
#ifndef CLI_MOST_COPIED_H
#define CLI_MOST_COPIED_H

#include "neardup.h"

/* The first document of the largest group of copies, and how many copies it has; NULL where nothing
 * was copied. Of equal ones the earliest. */
const ndup_grouping *cli_most_copied(uint64_t *copies, const ndup_story *story);

#endif
