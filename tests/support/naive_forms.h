/* SPDX-License-Identifier: MIT */
/* Which pairs fill one form, worked out by plain counting: every run of words is looked for in
 * every text. */
#ifndef TEST_SUPPORT_NAIVE_FORMS_H
#define TEST_SUPPORT_NAIVE_FORMS_H

#include "support/naive.h"

typedef enum naive_kind { NAIVE_UNLIKE, NAIVE_COPY, NAIVE_FORM } naive_kind;

/* Texts must be below 192 shingles: longer ones are sampled. */
typedef struct naive_forms {
    const naive_corpus *corpus; /* borrowed, as is matching */
    const ndup_matching *matching;
    bool *is_first;         /* [count] no earlier text has the same words, and there are some */
    unsigned **frequencies; /* [count][places] distinct texts that the shingle stands in */
} naive_forms;

void naive_forms_init(naive_forms *self, const naive_corpus *corpus, const ndup_matching *matching);
void naive_forms_deinit(naive_forms *self);

/* What a pair of unlike texts is. *is_clear: it would be so, too, if a few shingles stood in one
 * text more, as they do for those who count by hashes. */
naive_kind naive_forms_kind(const naive_forms *self, size_t a, size_t b, bool *is_clear);

#endif
