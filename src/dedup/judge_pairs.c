/* SPDX-License-Identifier: MIT */
/* Judging by bands: all verified pairs, batch by batch in keep order. */
#include "base/alloc.h"
#include "dedup/containers.h"
#include "dedup/judge_batch.h"

static ndup_status note_pair(ndup__class_pairs *pairs, uint32_t class_number,
                             const ndup__match *match, bool is_contained, ndup_error *error)
{
    ndup__class_pair pair = {
        match->other,       class_number,   match->similarity, match->other_containment,
        match->containment, match->is_form, is_contained};
    return ndup__class_pairs_add(pairs, &pair, error);
}

/* Notes all near-duplicates of a class among its candidates, until too many in all are none. */
static ndup_status note_pairs(ndup__verifier *verifier, ndup__class_pairs *pairs,
                              const ndup__batch_entry *entry, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 0; k < verifier->candidate_count && status == NDUP_STATUS_OK; k++) {
        ndup__match match;
        bool similar;
        if (verifier->in_vain >= NDUP__VAIN_MOST) {
            verifier->is_capped = true;
            break;
        }
        status = ndup__verifier_compare(verifier, &match, &similar, entry->class_number,
                                        verifier->candidates[k].class_number, error);
        if (status == NDUP_STATUS_OK && (similar || match.is_form)) {
            status = note_pair(pairs, entry->class_number, &match, false, error);
        }
    }
    return status;
}

/* The same for all that contain it and are not near it. */
static ndup_status note_containers(ndup__judge_batch *batch, unsigned worker,
                                   const ndup__batch_entry *entry, ndup_error *error)
{
    const ndup__judge *judge = batch->judge;
    ndup__verifier *verifier = &judge->verifiers[worker];
    ndup_status status =
        ndup__containers_gather(judge->containers, entry->rank, 0, entry->rank, worker, error);
    const ndup__container_room *room = &judge->containers->rooms[worker];
    verifier->in_vain = 0;
    for (size_t i = 0; i < room->count && status == NDUP_STATUS_OK; i++) {
        ndup__match match;
        bool contained;
        if (verifier->in_vain >= NDUP__VAIN_MOST) {
            verifier->is_capped = true;
            break;
        }
        uint32_t other = ndup__table_class_at(&judge->run->table, room->found[i].rank);
        status =
            ndup__verifier_contain(verifier, &match, &contained, entry->class_number, other, error);
        bool is_noted = judge->run->options->rule == NDUP_RULE_EITHER &&
                        match.similarity >= judge->run->options->matching.threshold;
        if (status == NDUP_STATUS_OK && contained && !is_noted) {
            status = note_pair(&batch->pairs[worker], entry->class_number, &match, true, error);
        }
    }
    return status;
}

static ndup_status pair_with_earlier(void *context, size_t begin, size_t end, unsigned worker,
                                     ndup_error *error)
{
    ndup__judge_batch *batch = context;
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    bool by_similarity = batch->judge->run->options->rule != NDUP_RULE_CONTAINED;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(verifier->watch);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        const ndup__batch_entry *entry = &batch->entries[i];
        verifier->is_capped = false;
        if (by_similarity) {
            status = ndup__verifier_gather(verifier, &batch->leaders, entry->class_number, 0,
                                           entry->rank, error);
            verifier->proposed += verifier->gathered;
            verifier->crowded += verifier->is_crowded && verifier->candidate_count > 0;
        }
        if (status == NDUP_STATUS_OK && by_similarity) {
            status = note_pairs(verifier, &batch->pairs[worker], entry, error);
        }
        if (status == NDUP_STATUS_OK && batch->judge->containers != NULL) {
            status = note_containers(batch, worker, entry, error);
        }
        verifier->capped += verifier->is_capped;
    }
    return status;
}

static ndup_status find_pairs(ndup__judge *judge, ndup__judge_batch *batch, ndup_error *error)
{
    ndup__run *run = judge->run;
    size_t rank = 0;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && rank < run->table.class_count) {
        ndup__batch_fill(batch, &rank);
        for (size_t i = 0; i < batch->count && status == NDUP_STATUS_OK; i++) {
            status = ndup__batch_keep(batch, &batch->entries[i], error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__pool_ranges(run->pool, 0, batch->count, NDUP__BATCH_GRAIN,
                                       pair_with_earlier, batch, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reporter, rank, rank, error);
        }
    }
    return status;
}

ndup_status ndup__judge_pairs(ndup__judge *judge, ndup__class_pairs *pairs, ndup_error *error)
{
    const ndup_allocator *allocator = judge->run->allocator;
    unsigned workers = ndup__pool_workers(judge->run->pool);
    ndup__judge_batch *batch;
    ndup__class_pairs *parts = NULL;
    ndup_status status = ndup__batch_new(&batch, judge, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &parts, workers, sizeof *parts, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (unsigned i = 0; i < workers; i++) {
            parts[i].allocator = allocator;
        }
        batch->pairs = parts;
        status = find_pairs(judge, batch, error);
        for (unsigned i = 0; i < workers; i++) {
            if (status == NDUP_STATUS_OK) {
                status = ndup__class_pairs_append(pairs, &parts[i], error);
            }
            ndup__class_pairs_deinit(&parts[i]);
        }
        ndup__class_pairs_sort(pairs, &judge->run->table);
        uint64_t splits = batch->leaders.split_buckets;
        uint64_t *seen = &judge->run->summary.split_buckets;
        *seen = splits > *seen ? splits : *seen;
    }
    ndup__free(allocator, &parts, workers, sizeof *parts);
    ndup__batch_free(batch);
    if (status == NDUP_STATUS_OK && judge->containers != NULL) {
        ndup__containers_forget(judge->containers);
    }
    return status;
}
