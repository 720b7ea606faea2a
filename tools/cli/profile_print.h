/* SPDX-License-Identifier: MIT */
/* The profile of a run, for people and as JSON. */
#ifndef CLI_PROFILE_PRINT_H
#define CLI_PROFILE_PRINT_H

#include <stdio.h>

#include "json_print.h"
#include "neardup.h"

/* A line a stage with its wall time, below it a line a part with the busy seconds of each worker.
 */
void cli_profile_print(FILE *out, const ndup_profile *profile);

/* The member "profile": {"wall": {stage: seconds}, "busy": {part: [seconds of each worker]}}. */
void cli_profile_print_json(cli_json *json, const ndup_profile *profile);

#endif
