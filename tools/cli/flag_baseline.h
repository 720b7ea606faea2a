/* SPDX-License-Identifier: MIT */
/* Repeats that an earlier run did not have. */
#ifndef CLI_FLAG_BASELINE_H
#define CLI_FLAG_BASELINE_H

#include "neardup.h"

/* A sink that counts; must not move. */
typedef struct cli_flag_baseline {
    ndup_flag_sink sink;
    ndup_baseline *baseline;
    uint64_t fresh; /* repeats that are not in the baseline */
} cli_flag_baseline;

ndup_status cli_flag_baseline_open(cli_flag_baseline *compared, const char *path,
                                   ndup_error *error);
void cli_flag_baseline_close(cli_flag_baseline *compared);

#endif
