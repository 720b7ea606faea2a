/* SPDX-License-Identifier: MIT */
/* Finding keys: the directory gives the slot that a key's first bits choose, some 16 to 32 keys
 * that stand together, and among these its run is found. */
#include "store/segment.h"

#include "store/segment_format.h"

/* Keys that are looked at together: two lines of the cache. */
#define LINE_KEYS 16
#define WINDOW_KEYS NDUP__SEGMENT_WINDOW_KEYS

void ndup__segment_prefetch(const ndup__segment *segment, const uint32_t *keys)
{
    for (uint32_t i = 0; i < segment->facts.tables; i++) {
        const ndup__segment_table *table = &segment->tables[i];
        const uint32_t *bounds = table->slots + ndup__segment_slot_of(table, keys[i]);
        __builtin_prefetch(bounds);
        __builtin_prefetch(bounds + 1);
    }
}

/* Where the window begins that holds a key unless its slot is uneven: the key's other bits say how
 * far into the slot it is, give or take half the root of the slot's size, as keys are spread
 * evenly. The window begins at a cache line, which leaves half a line on each side of the guess. */
static inline size_t guess_window(const ndup__segment_table *table, size_t begin, size_t end,
                                  uint32_t key)
{
    uint64_t rest = key & (((uint64_t)1 << table->shift) - 1);
    size_t guess = begin + (size_t)(rest * (end - begin) >> table->shift);
    size_t window = (guess > LINE_KEYS / 2 ? guess - LINE_KEYS / 2 : 0) / LINE_KEYS * LINE_KEYS;
    return window < table->last_window ? window : table->last_window;
}

/* For settle: count and numbers are the slot's, and total is where the window begins. */
static inline ndup_status narrow(ndup__segment_range *range, const ndup__segment *segment,
                                 const ndup__segment_table *table, uint32_t key, ndup_error *error)
{
    size_t begin = 0;
    size_t end = 0;
    ndup_status status = ndup__segment_read_slot(&begin, &end, segment, table,
                                                 ndup__segment_slot_of(table, key), error);
    size_t window = guess_window(table, begin, end, key);
    *range = (ndup__segment_range){table->numbers + begin, end - begin, window};
    __builtin_prefetch(table->keys + window);
    __builtin_prefetch(table->keys + window + LINE_KEYS);
    return status;
}

/* Where the keys that are less than `key` end, or with `or_equal` those that are not greater. */
static ndup_status find_bound(size_t *bound, const ndup__segment *segment, const uint32_t *keys,
                              size_t low, size_t high, uint32_t key, bool or_equal,
                              ndup_error *error)
{
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

/* The run of a key among keys[begin .. end), wherever it is. */
static ndup_status search_run(size_t *first, size_t *behind, const ndup__segment *segment,
                              const uint32_t *keys, size_t begin, size_t end, uint32_t key,
                              ndup_error *error)
{
    ndup_status status = find_bound(first, segment, keys, begin, end, key, false, error);
    return status == NDUP_STATUS_OK
               ? find_bound(behind, segment, keys, *first, end, key, true, error)
               : status;
}

/* The same by the window, if the run's ends are in it. Keys in front of the slot are less and those
 * behind it greater, so the window may reach over both; what fills the last page is the greatest
 * key. */
static inline ndup_status find_run(size_t *first, size_t *behind, const ndup__segment *segment,
                                   const ndup__segment_table *table, size_t begin, size_t end,
                                   size_t window, uint32_t key, ndup_error *error)
{
    const uint32_t *keys = table->keys + window;
    ndup_status status = ndup__segment_touch(segment, keys, WINDOW_KEYS, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t less = 0;
    uint32_t equal = 0;
    for (size_t i = 0; i < WINDOW_KEYS; i++) {
        less += keys[i] < key;
        equal += keys[i] == key;
    }
    bool is_inside = (less > 0 || window <= begin) &&
                     (less + equal < WINDOW_KEYS || window + WINDOW_KEYS >= end);
    if (!is_inside) {
        return search_run(first, behind, segment, table->keys, begin, end, key, error);
    }
    *first = window + less < end ? window + less : end;
    *behind = window + less + equal < end ? window + less + equal : end;
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
    size_t begin = (size_t)(range->numbers - table->numbers);
    size_t first = begin;
    size_t behind = begin;
    if (range->count == 0) {
        *range = (ndup__segment_range){.numbers = range->numbers};
        return NDUP_STATUS_OK;
    }
    ndup_status status = find_run(&first, &behind, segment, table, begin, begin + range->count,
                                  range->total, key, error);
    *range = (ndup__segment_range){.numbers = table->numbers + first};
    if (status != NDUP_STATUS_OK || behind <= first) {
        return status;
    }
    range->total = behind - first;
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
