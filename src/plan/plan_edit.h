/* SPDX-License-Identifier: MIT */
/* Changing the decisions of a plan. */
#ifndef NDUP__PLAN_PLAN_EDIT_H
#define NDUP__PLAN_PLAN_EDIT_H

#include "plan/plan_state.h"

/* The document is kept and stands for itself; a survivor still stands for its group, too. */
void ndup__plan_keep_row(ndup__plan_row *row, uint64_t number);

/* To be called after changes: groups that lost members may be no groups any more. Errors: MEMORY.
 */
NDUP_NODISCARD ndup_status ndup__plan_settle_groups(ndup_plan *plan, ndup_error *error);

#endif
