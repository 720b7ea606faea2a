/* SPDX-License-Identifier: MIT */
/* The first line of a plan. */
#ifndef NDUP__PLAN_PLAN_HEADER_H
#define NDUP__PLAN_PLAN_HEADER_H

#include "plan/line_reader.h"
#include "plan/plan_state.h"

/* Reads the line into the plan; *documents is how many its corpus had. Errors: CORRUPT with the
 * line, VERSION, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__plan_read_header(uint64_t *documents, ndup_plan *plan,
                                                  ndup__line_reader *lines, ndup_error *error);

#endif
