/* SPDX-License-Identifier: MIT */
/* --work-dir: a run that goes on where it was killed. */
#ifndef CLI_WORK_OPTIONS_H
#define CLI_WORK_OPTIONS_H

#include "neardup.h"
#include "option_table.h"

typedef struct cli_work_options {
    const char *folder;
    bool restart;
} cli_work_options;

extern const cli_option cli_work_table[];

/* CLI_GO_ON, or the status with which to end. */
int cli_work_check(const cli_work_options *typed, const cli_command *command);

/* Opens the folder; *work is NULL where none was asked for. */
ndup_status cli_work_open(ndup_work **work, const cli_work_options *typed, ndup_error *error);

/* All outputs are written. */
ndup_status cli_work_finish(ndup_work *work, ndup_error *error);

#endif
