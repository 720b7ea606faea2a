/* SPDX-License-Identifier: MIT */
/* The part of a page about stories that tells of the whole run, as JSON. */
#ifndef NDUP__PAGE_STORY_OVERVIEW_H
#define NDUP__PAGE_STORY_OVERVIEW_H

#include "page/story_choice.h"
#include "report/out.h"

/* Writes the members of an open object "options", "inputs" and "summary", which every page has. */
void ndup__story_identity_json(ndup__out *out, const ndup_group_run *run,
                               const ndup_group_summary *summary);

/* Writes the members that tell of dates and sources. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_overview_json(ndup__out *out, const ndup__story_tally *tally,
                                                     const ndup__story_choice *choice,
                                                     ndup_error *error);

#endif
