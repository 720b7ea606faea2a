/* SPDX-License-Identifier: MIT */
/* What a plan tells of the files that were read. */
#ifndef NDUP__PLAN_PLAN_FILES_H
#define NDUP__PLAN_PLAN_FILES_H

#include "neardup/document.h"
#include "neardup/plan.h"

/* Reads the members "inputs" and "files" of a plan's first line into plan->inputs and plan->fields.
 * Errors: CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__plan_read_files(ndup_plan *plan, ndup_text line,
                                                 ndup_error *error);

#endif
