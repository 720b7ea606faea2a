/* SPDX-License-Identifier: MIT */
/* What the calls of stages ask of their arguments. */
#ifndef NDUP__STAGES_STAGE_OUTPUT_H
#define NDUP__STAGES_STAGE_OUTPUT_H

#include "base/section_file.h"
#include "neardup/stages.h"

/* Whether a file may be written: nothing is there, or one of the same kind. Errors: EXISTS. */
NDUP_NODISCARD ndup_status ndup__stage_output_check(const char *path,
                                                    const ndup__section_kind *kind,
                                                    ndup_error *error);

/* Checks a shard; one of 0 becomes 0 of 1. Errors: INVALID. */
NDUP_NODISCARD ndup_status ndup__shard_check(ndup_shard *shard, ndup_error *error);

/* Errors: INVALID for options that stages cannot have. */
NDUP_NODISCARD ndup_status ndup__stages_check(const ndup_dedup_options *options, ndup_error *error);

#endif
