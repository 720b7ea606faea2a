/* SPDX-License-Identifier: MIT */
/* The outcome of a run, as the library keeps it. */
#ifndef NDUP__DEDUP_RESULT_H
#define NDUP__DEDUP_RESULT_H

#include "dedup/groups.h"
#include "dedup/plan_row.h"
#include "dedup/table.h"
#include "spill/budget.h"

/* Takes over the run's table and groups. Everything is counted by class: a document's fate follows
 * from its class and from whether it stands for it. */
struct ndup_result {
    const ndup_allocator *allocator;
    ndup__arena strings; /* of the options */
    ndup_dedup_options options;
    ndup_corpus_options corpus_options;
    const char *const *inputs;
    size_t input_count;
    ndup_summary summary;
    ndup__keep_policy policy; /* the table's */
    ndup__table table;
    ndup__groups groups;
    ndup__plan_row *plan_rows; /* [documents] the verdicts of a plan, if made from one; else NULL */
    uint32_t
        *group_sizes; /* [class_count] documents whose survivor is of this class, itself included */
    uint32_t *forms;  /* [class_count] first class of the form family; NDUP__NO_CLASS: of none */
    ndup__class_pairs class_pairs; /* by class, for evaluation */
    ndup_pair *pairs;              /* the same by document */
    uint8_t *known;                /* [documents] of a result that was compared; else NULL */
    uint64_t known_count;
    size_t pair_count;
    ndup_source_loss *losses; /* [loss_count] */
    size_t loss_count;
    ndup_profile *profile; /* NULL without options.profile */
    ndup__budget *budget;  /* of the allocator; NULL where it is another's */
};

/* An empty result. */
NDUP_NODISCARD ndup_status ndup__result_allocate(ndup_result **result,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);

/* Copies what the result was made with: the options, the corpus's inputs and fields. */
NDUP_NODISCARD ndup_status ndup__result_describe(ndup_result *result,
                                                 const ndup_dedup_options *options,
                                                 const ndup_corpus *corpus, ndup_error *error);

/* Makes a result of a run, its groups and pairs, which are emptied. */
NDUP_NODISCARD ndup_status ndup__result_new(ndup_result **result, ndup__run *run,
                                            ndup__groups *groups, ndup__class_pairs *pairs,
                                            ndup_error *error);

/* Fills group_sizes, the counts of sources, and the summary's counts of decisions. */
NDUP_NODISCARD ndup_status ndup__result_count(ndup_result *result, ndup_error *error);

#endif
