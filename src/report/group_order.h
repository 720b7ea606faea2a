/* SPDX-License-Identifier: MIT */
/* The order in which groups and their members are shown to people. */
#ifndef NDUP__REPORT_GROUP_ORDER_H
#define NDUP__REPORT_GROUP_ORDER_H

#include "report/grouping.h"

/* A group of two or more documents. */
typedef struct ndup__ranked_group {
    uint64_t survivor;
    uint64_t size;
} ndup__ranked_group;

/* Largest first, equals in corpus order. Zero-initialise and set the allocator. */
typedef struct ndup__ranked_groups {
    const ndup_allocator *allocator;
    ndup__ranked_group *items; /* [count] */
    size_t count;
    size_t capacity;
} ndup__ranked_groups;

/* Ranks all groups. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__ranked_groups_fill(ndup__ranked_groups *groups,
                                                    const ndup__grouping *grouping,
                                                    ndup_error *error);
void ndup__ranked_groups_deinit(ndup__ranked_groups *groups);

/* Sorts the members of the group of `survivor`: the survivor, then near copies, the least alike
 * first, then copies of the same words, then of the same bytes. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__grouping_sort(const ndup__grouping *grouping, uint64_t survivor,
                                               ndup_error *error);

#endif
