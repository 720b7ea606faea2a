/* SPDX-License-Identifier: MIT */
/* The steps of a run, for jobs that begin with a table or end without a result. */
#ifndef NDUP__DEDUP_RUN_STAGES_H
#define NDUP__DEDUP_RUN_STAGES_H

#include "dedup/groups.h"
#include "dedup/run.h"

/* What a run may take: run->memory. Errors: INVALID below the least. */
NDUP_NODISCARD ndup_status ndup__run_reckon(ndup__run *run, ndup_error *error);

/* Makes what options, corpus, allocator and memory of the run ask for, and an empty table. After an
 * error, too, the run is to be ended. */
NDUP_NODISCARD ndup_status ndup__run_start(ndup__run *run, ndup_error *error);
void ndup__run_end(ndup__run *run);

/* Judges the documents of a table that is ranked. */
NDUP_NODISCARD ndup_status ndup__run_judge(ndup__run *run, ndup__groups *groups,
                                           ndup__class_pairs *pairs, ndup_error *error);

#endif
