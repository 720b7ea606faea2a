/* SPDX-License-Identifier: MIT */
/* The outcome of a run in a few lines, on standard error. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "job.h"
#include "neardup.h"
#include "option_table.h"

/* Prints nothing when the job is quiet, and one JSON line when standard error carries JSON. */
void cli_summary_print(const cli_job *job, const ndup_result *result, const cli_list *outputs);

#endif
