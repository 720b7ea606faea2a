/* SPDX-License-Identifier: MIT */
/* Counting what is new. */
#include "check_options.h"

#include "console.h"
#include "format.h"

const cli_option cli_check_table[] = {
    {.name = "check",
     .kind = CLI_COUNT_OPTIONAL,
     .offset = offsetof(cli_check_options, check),
     .argument = "N",
     .help = "exit with status 1 when more than N are found: documents dropped, repeats (N is 0 "
             "where not given)"},
    {.name = "baseline",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_check_options, baseline),
     .argument = "OLD",
     .is_path = true,
     .help = "a SARIF file of an earlier run, or a plan of documents: --check counts only what is "
             "new, and sarif outputs tell new from known"},
    {.name = NULL}};

const char *const cli_check_exit_lines[] = {"0  done",
                                            "1  only with --check: more was found than it allows",
                                            "2  wrong use",
                                            "3  done, but some inputs were skipped or unreadable",
                                            "4  failed; nothing was written but what is named",
                                            "130  cancelled by a signal (128 + its number)",
                                            NULL};

cli_list cli_check_reads(const cli_check_options *options, const char *files_from)
{
    cli_list reads = {.items = NULL};
    if (options->baseline != NULL) {
        cli_list_add(&reads, options->baseline);
    }
    if (files_from != NULL) {
        cli_list_add(&reads, files_from);
    }
    return reads;
}

ndup_status cli_check_open(ndup_baseline **baseline, const cli_check_options *options,
                           ndup_error *error)
{
    *baseline = NULL;
    return options->baseline != NULL ? ndup_baseline_open(baseline, options->baseline, NULL, error)
                                     : NDUP_STATUS_OK;
}

void cli_check_compare(const cli_job *job, const cli_check_options *options,
                       const ndup_baseline *baseline, uint64_t found, uint64_t known)
{
    cli_formatted fresh, old, gone;
    if (baseline != NULL && !job->quiet && !cli_job_is_json(job)) {
        cli_complain("%s new, %s known, %s gone since %s", cli_format_count(&fresh, found - known),
                     cli_format_count(&old, known),
                     cli_format_count(&gone, ndup_baseline_count(baseline) - known),
                     options->baseline);
    }
}

bool cli_check_is_over(const cli_check_options *options, uint64_t fresh)
{
    return options->check.given && fresh > options->check.value;
}
