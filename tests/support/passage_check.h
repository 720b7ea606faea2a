/* SPDX-License-Identifier: MIT */
/* What a run of ndup_passages told its sinks, for tests. */
#ifndef TEST_SUPPORT_PASSAGE_CHECK_H
#define TEST_SUPPORT_PASSAGE_CHECK_H

#include <stdio.h>

#include "neardup/passage.h"
#include "support/corpus_make.h"

/* The calls of a run. Of passages and families what is borrowed points nowhere. */
typedef struct passage_check {
    ndup_passage_summary summary;
    ndup_passage *passages;
    size_t passage_count;
    ndup_passage_family *families; /* `places` are the caller's: free() */
    size_t family_count;
    char *calls; /* every call with all that it says, a line each */
    size_t calls_length;
    FILE *stream; /* of the calls, while the run goes on */
    int state;    /* begin, passages, families, finish, commit, in this order */
} passage_check;

/* Runs over made documents, `against` may be NULL; takes the options' other members as they are,
 * and fails the running test when the run fails. */
void passage_check_init(passage_check *self, const made_corpus *corpus, const made_corpus *against,
                        const ndup_passage_options *options);
void passage_check_deinit(passage_check *self);

/* The same over a corpus that is open, which it closes; the run may fail. */
ndup_status passage_check_run(passage_check *self, ndup_corpus *corpus,
                              const ndup_passage_options *options, ndup_error *error);

#endif
