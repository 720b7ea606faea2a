/* SPDX-License-Identifier: MIT */
/* A counting sort of grouped documents by survivor, or of forms by their first document. */
#include "report/grouping.h"

#include "base/alloc.h"

static uint64_t first_member(const ndup__grouping *groups, uint64_t survivor)
{
    return survivor > 0 ? groups->ends[survivor - 1] : 0;
}

/* Whether the document is a member, and of what. */
static bool find_group(const ndup__grouping *groups, uint64_t document, uint64_t *survivor)
{
    ndup_verdict verdict;
    ndup_result_verdict(groups->result, document, &verdict);
    *survivor = groups->of_forms ? verdict.form : verdict.survivor;
    return groups->of_forms ? verdict.formed : verdict.grouped;
}

static ndup_status sort_members(ndup__grouping *groups, ndup_error *error)
{
    uint64_t survivor;
    for (uint64_t i = 0; i < groups->documents; i++) {
        if (find_group(groups, i, &survivor)) {
            groups->ends[survivor + 1]++;
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
        if (find_group(groups, i, &survivor)) {
            groups->members[groups->ends[survivor]++] = i;
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status fill(ndup__grouping *groups, ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(groups->allocator, &groups->ends, (size_t)groups->documents + 1,
                              sizeof *groups->ends, error);
    return status == NDUP_STATUS_OK ? sort_members(groups, error) : status;
}

ndup_status ndup__grouping_init(ndup__grouping *groups, const ndup_result *result,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *groups = (ndup__grouping){.result = result,
                               .allocator = allocator,
                               .documents = ndup_result_summary(result)->documents};
    return fill(groups, error);
}

ndup_status ndup__grouping_init_forms(ndup__grouping *families, const ndup_result *result,
                                      const ndup_allocator *allocator, ndup_error *error)
{
    const ndup_summary *summary = ndup_result_summary(result);
    *families = (ndup__grouping){.result = result,
                                 .allocator = allocator,
                                 .of_forms = true,
                                 .documents = summary->forms > 0 ? summary->documents : 0};
    return fill(families, error);
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
