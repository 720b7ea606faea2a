/* SPDX-License-Identifier: MIT */
/* Sources that lose much of what they gave. */
#ifndef NDUP__DEDUP_LOSSES_H
#define NDUP__DEDUP_LOSSES_H

#include "dedup/result.h"

/* Fills result->losses from the counts of the table's sources. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__losses_find(ndup_result *result, ndup_error *error);

/* Whether every source keeps as much as the options ask. Errors: LIMIT, naming the source;
 * NOT_FOUND when the options name a source that is not there. */
NDUP_NODISCARD ndup_status ndup__losses_check(const ndup_result *result,
                                              const ndup_dedup_options *options,
                                              const ndup_hooks *hooks, ndup_error *error);

#endif
