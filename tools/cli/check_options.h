/* SPDX-License-Identifier: MIT */
/* --check and --baseline: a run whose exit status says whether something new was found. */
#ifndef CLI_CHECK_OPTIONS_H
#define CLI_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"
#include "neardup.h"
#include "option_table.h"

typedef struct cli_check_options {
    cli_count check;
    const char *baseline;
} cli_check_options;

extern const cli_option cli_check_table[];

/* Lines of the help about the exit status of a command with --check; ends with NULL. */
extern const char *const cli_check_exit_lines[];

/* The files that a run reads besides its inputs: the baseline, and what --files-from names. The
 * list is the caller's to free. */
cli_list cli_check_reads(const cli_check_options *options, const char *files_from);

/* Opens the baseline; *baseline is NULL where none was named. */
ndup_status cli_check_open(ndup_baseline **baseline, const cli_check_options *options,
                           ndup_error *error);

/* Says on standard error how many of `found` are new; nothing where there is no baseline. */
void cli_check_compare(const cli_job *job, const cli_check_options *options,
                       const ndup_baseline *baseline, uint64_t found, uint64_t known);

/* Whether `fresh` findings are more than --check allows. */
bool cli_check_is_over(const cli_check_options *options, uint64_t fresh);

#endif
