/* SPDX-License-Identifier: MIT */
/* A run of ndup_dedup held against the naive answer. */
#ifndef TEST_SUPPORT_DEDUP_MODEL_H
#define TEST_SUPPORT_DEDUP_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup/dedup.h"
#include "support/corpus_make.h"
#include "support/naive.h"

/* What naive code says about a corpus under options. Keep chains may hold what
 * ndup_dedup_options.keep names, with the field "score" only and globs that are literal or end in
 * one star; never_drop the same kind of globs. */
typedef struct dedup_model {
    const made_corpus *corpus;
    const ndup_dedup_options *options;
    naive_corpus naive;
    size_t *order; /* documents in keep order */
    size_t *ranks; /* inverse */
    bool *protections;
    bool *kept;     /* by the cluster rule, before drop_all */
    size_t *firsts; /* COMPONENTS: first document of each one's component */
} dedup_model;

void dedup_model_init(dedup_model *self, const made_corpus *corpus,
                      const ndup_dedup_options *options);
void dedup_model_deinit(dedup_model *self);

/* Runs the job over the documents in memory; fails the test when it fails. */
ndup_result *dedup_model_run(const made_corpus *corpus, const ndup_dedup_options *options);

/* What holds with and without bands: survivors are kept, come first and are as similar as stated;
 * kinds, groups, spans, pairs and all counts of the summary follow from the verdicts and texts. */
void dedup_model_check_verdicts(const dedup_model *self, const ndup_result *result);

/* With options.exact: the decisions are those of the naive rule, and the pairs are all pairs. */
void dedup_model_check_decisions(const dedup_model *self, const ndup_result *result);

/* Adds how many pairs of distinct texts there are to *all and how many of them the result has to
 * *found. Needs options.pairs. */
void dedup_model_count_pairs(const dedup_model *self, const ndup_result *result, size_t *all,
                             size_t *found);

#endif
