/* SPDX-License-Identifier: MIT */
/* Runs over corpora of forms and what is asked of their results. */
#ifndef TEST_SUPPORT_FORM_CHECK_H
#define TEST_SUPPORT_FORM_CHECK_H

#include "support/dedup_model.h"
#include "support/form_corpus.h"
#include "support/naive_forms.h"

/* The default preset, exact, with pairs. */
ndup_dedup_options form_check_options(void);
made_corpus form_check_corpus(uint64_t seed);

/* What the result says of a pair, a before b. */
naive_kind form_check_kind(const ndup_result *result, size_t a, size_t b);

/* Documents are kept by the leader rule over the pairs of a result: all of them, or those that are
 * no forms. The keep order must be that of the corpus. */
void form_check_kept(const made_corpus *corpus, const ndup_result *pairs, const ndup_result *result,
                     bool forms_too);

bool form_check_same_id(ndup_text a, ndup_text b);

/* Everything about forms in the verdicts and the summary follows from the kinds and families of
 * the verdicts. The keep order must be that of the corpus. */
void form_check_families(const ndup_result *result);

/* `error`: of similarities. */
void form_check_same_verdicts(const ndup_result *a, const ndup_result *b, double error);
void form_check_same_pairs(const ndup_result *a, const ndup_result *b);

#endif
