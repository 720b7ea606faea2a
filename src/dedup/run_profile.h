/* SPDX-License-Identifier: MIT */
/* The profile of a run: one stopwatch a worker, summed up at the end. */
#ifndef NDUP__DEDUP_RUN_PROFILE_H
#define NDUP__DEDUP_RUN_PROFILE_H

#include "base/stopwatch.h"
#include "dedup/result.h"
#include "neardup/profile.h"

/* The watches of a run, [workers]; they run only with options.profile. */
NDUP_NODISCARD ndup_status ndup__watches_new(ndup__run *run, ndup_error *error);
void ndup__watches_free(ndup__run *run);

/* Gives the result the profile of a run; none without options.profile. */
NDUP_NODISCARD ndup_status ndup__profile_new(ndup_result *result, const ndup__run *run,
                                             ndup_error *error);
void ndup__profile_free(ndup_result *result);

/* Adds what a watch has counted to one worker's seconds, and sets the watch to zero. */
void ndup__profile_add(ndup_profile *profile, unsigned worker, ndup__stopwatch *watch,
                       double tick_seconds);

#endif
