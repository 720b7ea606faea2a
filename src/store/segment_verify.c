/* SPDX-License-Identifier: MIT */
/* Reading a whole segment against everything that finding relies on. */
#include "store/segment.h"

#include "base/error.h"
#include "store/segment_format.h"

#define PAGES_A_STEP 4096
#define SLOTS_A_STEP 65536

typedef struct verification {
    const ndup__segment *segment;
    ndup__segment_progress progress;
    void *context;
    uint64_t done; /* entries */
} verification;

static ndup_status tell(const verification *run, ndup_error *error)
{
    return run->progress == NULL ||
                   run->progress(run->context, run->done, run->segment->facts.entries)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
}

/* Every page anew, also those that were right when they were first read. */
static ndup_status verify_pages(verification *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t page = run->segment->head_pages;
    for (; page < run->segment->pages && status == NDUP_STATUS_OK; page++) {
        if (page % PAGES_A_STEP == 0) {
            status = tell(run, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__segment_check_page(run->segment, page, error);
        }
    }
    return status;
}

/* Entry i stands behind the one before it in its slot, and its number is covered. */
static ndup_status verify_entry(const ndup__segment *segment, const ndup__segment_table *table,
                                bool is_first, size_t i, ndup_error *error)
{
    const unsigned char *where = table->keys + i * table->key_width;
    const unsigned char *number_at = table->numbers + i * table->number_width;
    uint32_t key = ndup__segment_rest(table, i);
    uint32_t number = ndup__segment_load(number_at, table->number_width);
    if ((uint64_t)key >> table->shift != 0) {
        return ndup__segment_fail(segment, where, "a key of another slot", error);
    }
    if (number > segment->facts.last - segment->facts.first) {
        return ndup__segment_fail(segment, number_at, "a number that is not covered", error);
    }
    if (is_first) {
        return NDUP_STATUS_OK;
    }
    uint32_t before = ndup__segment_rest(table, i - 1);
    uint32_t number_before =
        ndup__segment_load(number_at - table->number_width, table->number_width);
    return before < key || (before == key && number_before < number)
               ? NDUP_STATUS_OK
               : ndup__segment_fail(segment, where, "entries that are not in order", error);
}

static ndup_status verify_table(verification *run, const ndup__segment_table *table,
                                ndup_error *error)
{
    uint64_t slots = (uint64_t)1 << (32 - table->shift);
    size_t done = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t slot = 0; slot < slots && status == NDUP_STATUS_OK; slot++) {
        size_t begin;
        size_t end;
        if (slot % SLOTS_A_STEP == 0) {
            status = tell(run, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__segment_read_slot(&begin, &end, run->segment, table, slot, error);
        }
        if (status == NDUP_STATUS_OK && begin != done) {
            status = ndup__segment_fail(run->segment, table->slots + slot,
                                        "a slot that does not follow the one before it", error);
        }
        for (; status == NDUP_STATUS_OK && done < end; done++) {
            status = verify_entry(run->segment, table, done == begin, done, error);
        }
    }
    run->done += done;
    if (status == NDUP_STATUS_OK && done != table->count) {
        status =
            ndup__segment_fail(run->segment, table->slots + slots, "keys without a slot", error);
    }
    return status;
}

ndup_status ndup__segment_verify(const ndup__segment *segment, ndup__segment_progress progress,
                                 void *context, ndup_error *error)
{
    verification run = {.segment = segment, .progress = progress, .context = context};
    ndup_status status = verify_pages(&run, error);
    for (uint32_t i = 0; i < segment->facts.tables && status == NDUP_STATUS_OK; i++) {
        status = verify_table(&run, &segment->tables[i], error);
    }
    return status;
}
