/* SPDX-License-Identifier: MIT */
/* The documents of a result by group. */
#ifndef NDUP__REPORT_GROUPING_H
#define NDUP__REPORT_GROUPING_H

#include "neardup/dedup.h"

/* The grouped documents, sorted by survivor and then by number: 8 bytes a document of the corpus
 * and 8 a document in a group. A survivor is a member of its own group. Or the families of one form
 * in the same way, by their first documents, which nothing costs where there are none. */
typedef struct ndup__grouping {
    const ndup_result *result;
    const ndup_allocator *allocator;
    bool of_forms;
    uint64_t documents;
    uint64_t *ends;    /* [documents + 1]: members of survivor s end at ends[s] */
    uint64_t *members; /* [grouped] */
    uint64_t grouped;
} ndup__grouping;

/* Errors: MEMORY. deinit is needed in any case. */
NDUP_NODISCARD ndup_status ndup__grouping_init(ndup__grouping *groups, const ndup_result *result,
                                               const ndup_allocator *allocator, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__grouping_init_forms(ndup__grouping *families,
                                                     const ndup_result *result,
                                                     const ndup_allocator *allocator,
                                                     ndup_error *error);
void ndup__grouping_deinit(ndup__grouping *groups);

/* The members of the group of `survivor`, itself among them; *members is borrowed and may be
 * reordered. Returns how many: 0 or 1 for a document that survives alone or not at all. */
uint64_t ndup__grouping_members(uint64_t **members, const ndup__grouping *groups,
                                uint64_t survivor);

#endif
