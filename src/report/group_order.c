/* SPDX-License-Identifier: MIT */
/* Sorting groups by size, members by how alike they are. */
#include "report/group_order.h"

#include <stdlib.h>

#include "base/alloc.h"

static int larger_first(const void *left, const void *right)
{
    const ndup__ranked_group *a = left;
    const ndup__ranked_group *b = right;
    if (a->size != b->size) {
        return a->size < b->size ? 1 : -1;
    }
    return a->survivor < b->survivor ? -1 : a->survivor > b->survivor;
}

ndup_status ndup__ranked_groups_fill(ndup__ranked_groups *groups, const ndup__grouping *grouping,
                                     ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < grouping->documents && status == NDUP_STATUS_OK; i++) {
        uint64_t *members;
        uint64_t size = ndup__grouping_members(&members, grouping, i);
        if (size < 2) {
            continue;
        }
        status = ndup__reserve(groups->allocator, &groups->items, &groups->capacity,
                               groups->count + 1, sizeof *groups->items, error);
        if (status == NDUP_STATUS_OK) {
            groups->items[groups->count++] = (ndup__ranked_group){i, size};
        }
    }
    if (status == NDUP_STATUS_OK && groups->count > 0) {
        qsort(groups->items, groups->count, sizeof *groups->items, larger_first);
    }
    return status;
}

void ndup__ranked_groups_deinit(ndup__ranked_groups *groups)
{
    ndup__free(groups->allocator, &groups->items, groups->capacity, sizeof *groups->items);
    groups->count = groups->capacity = 0;
}

/* A member with what it is sorted by. */
typedef struct ranked_member {
    uint64_t number;
    double similarity;
    int rank;
} ranked_member;

static int survivor_then_least_alike(const void *left, const void *right)
{
    const ranked_member *a = left;
    const ranked_member *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->similarity < b->similarity || a->similarity > b->similarity) {
        return a->similarity < b->similarity ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static int rank_of(const ndup_verdict *verdict)
{
    if (verdict->survivor == verdict->document) {
        return 0;
    }
    return verdict->kind == NDUP_KIND_NORMALIZED ? 2 : verdict->kind == NDUP_KIND_IDENTICAL ? 3 : 1;
}

ndup_status ndup__grouping_sort(const ndup__grouping *grouping, uint64_t survivor,
                                ndup_error *error)
{
    uint64_t *members;
    size_t count = (size_t)ndup__grouping_members(&members, grouping, survivor);
    ranked_member *ranked = NULL;
    ndup_status status =
        ndup__resize(grouping->allocator, &ranked, 0, count, sizeof *ranked, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(grouping->result, members[i], &verdict);
        ranked[i] = (ranked_member){members[i], verdict.similarity, rank_of(&verdict)};
    }
    qsort(ranked, count, sizeof *ranked, survivor_then_least_alike);
    for (size_t i = 0; i < count; i++) {
        members[i] = ranked[i].number;
    }
    ndup__free(grouping->allocator, &ranked, count, sizeof *ranked);
    return NDUP_STATUS_OK;
}
