/* SPDX-License-Identifier: MIT */
/* The measures of a run against labels, for people and as JSON. */
#ifndef CLI_EVAL_PRINT_H
#define CLI_EVAL_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup.h"

/* Measures at one threshold; `pairs` or `clusters` is filled. */
typedef struct cli_measures {
    double threshold;
    ndup_pair_measures pairs;
    ndup_cluster_measures clusters;
} cli_measures;

/* All of an evaluation, by rising threshold. Borrowed. */
typedef struct cli_evaluation {
    const char *gold;                  /* path of the label file */
    const ndup_dedup_options *options; /* with the chosen threshold; NULL of groups */
    const char *level;                 /* of groups: "copy", "partial", "story" */
    bool clusters;
    const ndup_gold_coverage *coverage;
    const cli_measures *measures;
    size_t count;
    size_t chosen; /* the threshold of the preset or the command line */
} cli_evaluation;

/* Prints on standard output. `colour` is what --color says. */
void cli_eval_print(const cli_evaluation *evaluation, const char *colour);
void cli_eval_print_json(const cli_evaluation *evaluation);

#endif
