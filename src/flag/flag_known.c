/* SPDX-License-Identifier: MIT */
/* Passages of the same documents are known at once. Others may have moved, which shows when all
 * documents have had their own: a new copy must not take the finding of a document behind it. */
#include "flag/flag_known.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "plan/baseline_read.h"
#include "report/id_hash.h"

ndup_status ndup__flag_known_init(ndup__flag_known *known, const ndup_baseline *baseline,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    *known = (ndup__flag_known){.allocator = allocator, .baseline = baseline};
    if (baseline == NULL) {
        return NDUP_STATUS_OK;
    }
    if (baseline->is_plan) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "the baseline is a plan of dedup, must be a SARIF file that flag wrote");
    }
    ndup_status status = ndup__allocate_zeroed(allocator, &known->taken_of_text, baseline->count,
                                               sizeof *known->taken_of_text, error);
    return status == NDUP_STATUS_OK
               ? ndup__allocate_zeroed(allocator, &known->taken_here, baseline->count,
                                       sizeof *known->taken_here, error)
               : status;
}

void ndup__flag_known_deinit(ndup__flag_known *known)
{
    size_t findings = known->baseline != NULL ? known->baseline->count : 0;
    ndup__free(known->allocator, &known->taken_of_text, findings, sizeof *known->taken_of_text);
    ndup__free(known->allocator, &known->taken_here, findings, sizeof *known->taken_here);
    ndup__free(known->allocator, &known->waiting, known->waiting_capacity, sizeof *known->waiting);
    ndup__free(known->allocator, &known->moved, known->waiting_count, sizeof *known->moved);
}

/* The first finding that does not come before (text, id). */
static size_t first_from(const ndup_baseline *baseline, uint64_t text_hash, uint64_t id_hash)
{
    size_t low = 0;
    size_t high = baseline->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ndup__finding *finding = &baseline->findings[middle];
        if (finding->text_hash < text_hash ||
            (finding->text_hash == text_hash && finding->id_hash < id_hash)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Takes a finding about the text, of whatever document. */
static bool take_text(ndup__flag_known *known, uint64_t text_hash)
{
    const ndup_baseline *baseline = known->baseline;
    size_t first = first_from(baseline, text_hash, 0);
    size_t next = first < baseline->count ? first + known->taken_of_text[first] : first;
    if (next >= baseline->count || baseline->findings[next].text_hash != text_hash) {
        return false;
    }
    known->taken_of_text[first]++;
    known->count++;
    return true;
}

static bool take_here(ndup__flag_known *known, uint64_t text_hash, uint64_t id_hash)
{
    const ndup_baseline *baseline = known->baseline;
    size_t first = first_from(baseline, text_hash, id_hash);
    size_t next = first < baseline->count ? first + known->taken_here[first] : first;
    if (next >= baseline->count || baseline->findings[next].text_hash != text_hash ||
        baseline->findings[next].id_hash != id_hash) {
        return false;
    }
    known->taken_here[first]++;
    return take_text(known, text_hash);
}

ndup_status ndup__flag_known_mark(ndup__flag_known *known, const ndup_document *document,
                                  ndup_repeat *repeats, size_t count, ndup_error *error)
{
    if (known->baseline == NULL || count == 0) {
        return NDUP_STATUS_OK;
    }
    uint64_t id_hash = ndup__id_hash(document->id);
    ndup_status status = ndup__reserve(known->allocator, &known->waiting, &known->waiting_capacity,
                                       known->waiting_count + count, sizeof *known->waiting, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint64_t text_hash =
            ndup__hash_bytes(document->text.bytes + repeats[i].offset, repeats[i].length, 0);
        repeats[i].known = take_here(known, text_hash, id_hash);
        if (!repeats[i].known) {
            known->waiting[known->waiting_count++] = text_hash;
        }
    }
    return status;
}

ndup_status ndup__flag_known_end(ndup__flag_known *known, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(known->allocator, &known->moved,
                                               known->waiting_count, sizeof *known->moved, error);
    for (size_t i = 0; i < known->waiting_count && status == NDUP_STATUS_OK; i++) {
        known->moved[i] = take_text(known, known->waiting[i]);
    }
    return status;
}
