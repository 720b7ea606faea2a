/* SPDX-License-Identifier: MIT */
/* Changing the decisions of a plan. */
#include "plan/plan_edit.h"

#include "base/alloc.h"

void ndup__plan_keep_row(ndup__plan_row *row, uint64_t number)
{
    bool stands_for_group = row->survivor == number;
    row->kept = true;
    row->kind = NDUP_KIND_NONE;
    row->survivor = number;
    row->formed = row->kind == NDUP_KIND_NONE && row->formed;
    row->form = row->formed ? row->form : number;
    row->grouped = stands_for_group && row->grouped;
    row->similarity = row->containment = row->survivor_containment = 1;
    row->span_tokens = row->span_offset = row->span_bytes = 0;
}

ndup_status ndup__plan_settle_groups(ndup_plan *plan, ndup_error *error)
{
    uint32_t *sizes;
    ndup_status status =
        ndup__allocate_zeroed(plan->allocator, &sizes, plan->row_count, sizeof *sizes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < plan->row_count; i++) {
        sizes[plan->rows[i].survivor]++;
    }
    plan->kept = plan->dropped = 0;
    for (size_t i = 0; i < plan->row_count; i++) {
        ndup__plan_row *row = &plan->rows[i];
        row->grouped = row->grouped && sizes[row->survivor] > 1;
        plan->kept += row->kept;
        plan->dropped += !row->kept;
    }
    ndup__free(plan->allocator, &sizes, plan->row_count, sizeof *sizes);
    return NDUP_STATUS_OK;
}
