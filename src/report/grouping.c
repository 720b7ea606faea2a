/* SPDX-License-Identifier: MIT */
/* A counting sort of grouped documents by survivor. */
#include "report/grouping.h"

#include "base/alloc.h"

static uint64_t first_member(const ndup__grouping *groups, uint64_t survivor)
{
    return survivor > 0 ? groups->ends[survivor - 1] : 0;
}

static ndup_status sort_members(ndup__grouping *groups, ndup_error *error)
{
    ndup_verdict verdict;
    for (uint64_t i = 0; i < groups->documents; i++) {
        ndup_result_verdict(groups->result, i, &verdict);
        if (verdict.grouped) {
            groups->ends[verdict.survivor + 1]++;
            groups->grouped++;
        }
    }
    ndup_status status =
        ndup__allocate_zeroed(groups->allocator, &groups->members, (size_t)groups->grouped,
                              sizeof *groups->members, error);
    if (status != NDUP_STATUS_OK) {
        groups->grouped = 0;
        return status;
    }
    for (uint64_t i = 1; i <= groups->documents; i++) {
        groups->ends[i] += groups->ends[i - 1];
    }
    /* ends[s] is the beginning of survivor s, until every member has moved it to its end. */
    for (uint64_t i = 0; i < groups->documents; i++) {
        ndup_result_verdict(groups->result, i, &verdict);
        if (verdict.grouped) {
            groups->members[groups->ends[verdict.survivor]++] = i;
        }
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__grouping_init(ndup__grouping *groups, const ndup_result *result,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *groups = (ndup__grouping){.result = result,
                               .allocator = allocator,
                               .documents = ndup_result_summary(result)->documents};
    ndup_status status = ndup__allocate_zeroed(
        allocator, &groups->ends, (size_t)groups->documents + 1, sizeof *groups->ends, error);
    return status == NDUP_STATUS_OK ? sort_members(groups, error) : status;
}

void ndup__grouping_deinit(ndup__grouping *groups)
{
    ndup__free(groups->allocator, &groups->members, (size_t)groups->grouped,
               sizeof *groups->members);
    ndup__free(groups->allocator, &groups->ends, (size_t)groups->documents + 1,
               sizeof *groups->ends);
    groups->grouped = 0;
    groups->documents = 0;
}

uint64_t ndup__grouping_members(uint64_t **members, const ndup__grouping *groups, uint64_t survivor)
{
    uint64_t first = first_member(groups, survivor);
    *members = groups->members != NULL ? groups->members + first : NULL;
    return groups->ends[survivor] - first;
}
