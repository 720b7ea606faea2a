/* SPDX-License-Identifier: MIT */
/* What a plan tells of the search that made it. */
#ifndef NDUP__PLAN_PLAN_SEARCH_H
#define NDUP__PLAN_PLAN_SEARCH_H

#include "neardup/document.h"
#include "neardup/plan.h"

/* Reads the member "search" of the first line of a plan about so many documents into plan->search;
 * plans without it leave zeros. Errors: CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__plan_read_search(ndup_plan *plan, uint64_t documents,
                                                  ndup_text line, ndup_error *error);

#endif
