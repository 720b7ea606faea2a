/* SPDX-License-Identifier: MIT */
/* Finding keys: the directory gives the slot that a key's first bits choose, some 16 to 32 keys
 * that stand together, and among these its run is found. */
#include "store/segment.h"

#include "store/segment_format.h"

/* Keys of a slot that are gone through. There are more only where many numbers have one key. */
#define WALKED_MOST 128

#define LINE_WORDS 16 /* of a cache line */

void ndup__segment_prefetch(const ndup__segment *segment, const uint32_t *keys)
{
    for (uint32_t i = 0; i < segment->facts.tables; i++) {
        const ndup__segment_table *table = &segment->tables[i];
        const uint32_t *bounds = table->slots + ndup__segment_slot_of(table, keys[i]);
        __builtin_prefetch(bounds);
        __builtin_prefetch(bounds + 1);
    }
}

/* As many lines as a slot of usual size has. */
static void prefetch_keys(const uint32_t *keys, size_t count)
{
    __builtin_prefetch(keys);
    if (count > LINE_WORDS) {
        __builtin_prefetch(keys + LINE_WORDS);
    }
    if (count > 0) {
        __builtin_prefetch(keys + (count < 2 * LINE_WORDS ? count - 1 : 2 * LINE_WORDS));
    }
}

/* The numbers of all keys of a slot, for settle. */
static inline ndup_status narrow(ndup__segment_range *range, const ndup__segment *segment,
                                 const ndup__segment_table *table, uint32_t key, ndup_error *error)
{
    size_t begin = 0;
    size_t end = 0;
    ndup_status status = ndup__segment_read_slot(&begin, &end, segment, table,
                                                 ndup__segment_slot_of(table, key), error);
    *range = (ndup__segment_range){.numbers = table->numbers + begin};
    if (status == NDUP_STATUS_OK) {
        range->count = end - begin;
        prefetch_keys(table->keys + begin, range->count);
    }
    return status;
}

/* Where the keys that are less than `key` end, or with `or_equal` those that are not greater. */
static ndup_status find_bound(size_t *bound, const ndup__segment *segment, const uint32_t *keys,
                              size_t count, uint32_t key, bool or_equal, ndup_error *error)
{
    size_t low = 0;
    size_t high = count;
    ndup_status status = NDUP_STATUS_OK;
    while (low < high && status == NDUP_STATUS_OK) {
        size_t middle = low + (high - low) / 2;
        status = ndup__segment_touch(segment, keys + middle, 1, error);
        if (keys[middle] < key || (or_equal && keys[middle] == key)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *bound = low;
    return status;
}

/* The run of a key among those of its slot. Without a branch on what cannot be foreseen. */
static inline ndup_status find_run(size_t *begin, size_t *end, const ndup__segment *segment,
                                   const uint32_t *keys, size_t count, uint32_t key,
                                   ndup_error *error)
{
    if (count > WALKED_MOST) {
        ndup_status status = find_bound(begin, segment, keys, count, key, false, error);
        return status == NDUP_STATUS_OK ? find_bound(end, segment, keys, count, key, true, error)
                                        : status;
    }
    ndup_status status = ndup__segment_touch(segment, keys, count, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t less = 0;
    uint32_t equal = 0;
    for (size_t i = 0; i < count; i++) {
        less += keys[i] < key;
        equal += keys[i] == key;
    }
    *begin = less;
    *end = (size_t)less + equal;
    return NDUP_STATUS_OK;
}

ndup_status ndup__segment_read_more(ndup__segment_range *range, const ndup__segment *segment,
                                    size_t most, ndup_error *error)
{
    size_t count = range->total < most ? range->total : most;
    ndup_status status = ndup__segment_touch(segment, range->numbers, count, error);
    if (status == NDUP_STATUS_OK && count > range->count) {
        range->count = count;
    }
    return status;
}

static inline ndup_status settle(ndup__segment_range *range, const ndup__segment *segment,
                                 const ndup__segment_table *table, uint32_t key, size_t most,
                                 ndup_error *error)
{
    size_t first = (size_t)(range->numbers - table->numbers);
    size_t begin = 0;
    size_t end = 0;
    ndup_status status =
        find_run(&begin, &end, segment, table->keys + first, range->count, key, error);
    *range = (ndup__segment_range){.numbers = range->numbers + begin};
    if (status != NDUP_STATUS_OK || end <= begin) {
        return status;
    }
    range->total = end - begin;
    __builtin_prefetch(range->numbers);
    return ndup__segment_read_more(range, segment, most, error);
}

ndup_status ndup__segment_narrow(ndup__segment_range *ranges, const ndup__segment *segment,
                                 const uint32_t *keys, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < segment->facts.tables && status == NDUP_STATUS_OK; i++) {
        status = narrow(&ranges[i], segment, &segment->tables[i], keys[i], error);
    }
    return status;
}

ndup_status ndup__segment_settle(ndup__segment_range *ranges, const ndup__segment *segment,
                                 const uint32_t *keys, size_t most, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < segment->facts.tables && status == NDUP_STATUS_OK; i++) {
        status = settle(&ranges[i], segment, &segment->tables[i], keys[i], most, error);
    }
    return status;
}

ndup_status ndup__segment_find_all(ndup__segment_range *ranges, const ndup__segment *segment,
                                   const uint32_t *keys, size_t most, ndup_error *error)
{
    ndup__segment_prefetch(segment, keys);
    ndup_status status = ndup__segment_narrow(ranges, segment, keys, error);
    return status == NDUP_STATUS_OK ? ndup__segment_settle(ranges, segment, keys, most, error)
                                    : status;
}

ndup_status ndup__segment_find(ndup__segment_range *range, const ndup__segment *segment,
                               uint32_t number, uint32_t key, size_t most, ndup_error *error)
{
    const ndup__segment_table *table = &segment->tables[number];
    ndup_status status = narrow(range, segment, table, key, error);
    return status == NDUP_STATUS_OK ? settle(range, segment, table, key, most, error) : status;
}
