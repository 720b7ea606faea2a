/* SPDX-License-Identifier: MIT */
/* Making and filling batches. */
#include "dedup/judge_batch.h"

#include "base/alloc.h"
#include "dedup/containers.h"

ndup_status ndup__batch_new(ndup__judge_batch **out, ndup__judge *judge, ndup_error *error)
{
    const ndup_allocator *allocator = judge->run->allocator;
    ndup__judge_batch *batch;
    ndup_status status = ndup__allocate_zeroed(allocator, &batch, 1, sizeof *batch, error);
    *out = batch;
    if (status == NDUP_STATUS_OK) {
        batch->judge = judge;
        status =
            ndup__allocate_zeroed(allocator, &batch->made, ndup__pool_workers(judge->run->pool),
                                  sizeof *batch->made, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__leaders_init(&batch->leaders, &judge->rows, &judge->buckets,
                               judge->run->bands.rows, allocator, judge->run->table.breath, error);
    }
    return status;
}

void ndup__batch_free(ndup__judge_batch *batch)
{
    if (batch != NULL) {
        const ndup_allocator *allocator = batch->judge->run->allocator;
        unsigned workers = ndup__pool_workers(batch->judge->run->pool);
        for (unsigned i = 0; batch->made != NULL && i < workers; i++) {
            ndup__free(allocator, &batch->made[i].items, batch->made[i].capacity,
                       sizeof *batch->made[i].items);
        }
        ndup__free(allocator, &batch->made, workers, sizeof *batch->made);
        ndup__leaders_deinit(&batch->leaders);
        ndup__free(allocator, &batch, 1, sizeof *batch);
    }
}

/* Whether a class may be near another, or contained in one. */
static bool has_others(const ndup__judge *judge, uint32_t class_number, size_t rank)
{
    const ndup__buckets *buckets = &judge->buckets;
    return buckets->starts[class_number] < buckets->starts[class_number + 1] ||
           (judge->containers != NULL && ndup__containers_has(judge->containers, (uint32_t)rank));
}

void ndup__batch_fill(ndup__judge_batch *batch, size_t *rank)
{
    const ndup__table *table = &batch->judge->run->table;
    unsigned workers = ndup__pool_workers(batch->judge->run->pool);
    batch->count = 0;
    for (unsigned i = 0; i < workers; i++) {
        batch->made[i].count = 0;
    }
    for (; *rank < table->class_count && batch->count < NDUP__BATCH; (*rank)++) {
        uint32_t class_number = ndup__table_class_at(table, *rank);
        if (has_others(batch->judge, class_number, *rank)) {
            batch->entries[batch->count++] =
                (ndup__batch_entry){.class_number = class_number, .rank = (uint32_t)*rank};
        }
    }
}

ndup_status ndup__batch_keep(ndup__judge_batch *batch, const ndup__batch_entry *entry,
                             ndup_error *error)
{
    if (batch->judge->containers != NULL) {
        ndup__containers_keep(batch->judge->containers, entry->rank);
    }
    return ndup__leaders_add(&batch->leaders, entry->class_number, entry->rank, error);
}
