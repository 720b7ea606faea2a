/* SPDX-License-Identifier: MIT */
/* eval --level: measures a run of `group` against labels. */
#ifndef CLI_EVAL_GROUPS_H
#define CLI_EVAL_GROUPS_H

#include "eval_print.h"
#include "job.h"

/* "copy", "partial", "story"; NULL past the end. */
const char *cli_level_name(size_t i);

/* Groups the corpus and measures it; *summary is of the run. Fills measures, coverage, clusters and
 * level of *evaluation, of which count is 1. */
ndup_status cli_eval_groups(cli_evaluation *evaluation, cli_measures *measures,
                            ndup_gold_coverage *coverage, ndup_group_summary *summary,
                            ndup_corpus *corpus, const ndup_group_options *options,
                            const char *level, const ndup_gold *gold, const cli_job *job,
                            ndup_error *error);

#endif
