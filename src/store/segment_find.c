/* SPDX-License-Identifier: MIT */
/* Finding keys: the directory gives the slot that a key's first bits choose, some 16 to 64 keys
 * that stand together, and among these its run is found. */
#include "store/segment.h"

#include "store/segment_format.h"

void ndup__segment_prefetch(const ndup__segment *segment, const uint32_t *keys)
{
    for (uint32_t i = 0; i < segment->facts.tables; i++) {
        const ndup__segment_table *table = &segment->tables[i];
        const uint32_t *bounds = table->slots + ndup__segment_slot_of(table, keys[i]);
        __builtin_prefetch(bounds);
        __builtin_prefetch(bounds + 1);
    }
}

/* Where in its slot the window begins that holds a key unless the slot is uneven: the key's other
 * bits say how far into the slot it is, give or take half the root of the slot's size, as keys are
 * spread evenly. */
static inline size_t guess_window(const ndup__segment_table *table, size_t begin, size_t end,
                                  uint32_t rest)
{
    size_t guess = begin + (size_t)((uint64_t)rest * (end - begin) >> table->shift);
    size_t keys = table->window_keys;
    size_t last = end - begin > keys ? end - keys : begin;
    size_t window = guess > begin + keys / 2 ? guess - keys / 2 : begin;
    return window < last ? window : last;
}

/* For settle: first and count are the slot's, and total is where the window begins. */
static inline ndup_status narrow(ndup__segment_range *range, const ndup__segment *segment,
                                 const ndup__segment_table *table, uint32_t key, ndup_error *error)
{
    size_t begin = 0;
    size_t end = 0;
    ndup_status status = ndup__segment_read_slot(&begin, &end, segment, table,
                                                 ndup__segment_slot_of(table, key), error);
    size_t window = guess_window(table, begin, end, ndup__segment_rest_of(table, key));
    *range = (ndup__segment_range){.first = (uint32_t)begin, .count = end - begin, .total = window};
    const unsigned char *keys = table->keys + window * table->key_width;
    __builtin_prefetch(keys);
    __builtin_prefetch(keys + (size_t)(table->window_keys - 1) * table->key_width);
    return status;
}

/* Where the keys that are less than `rest` end, or with `or_equal` those that are not greater. */
static ndup_status find_bound(size_t *bound, const ndup__segment *segment,
                              const ndup__segment_table *table, size_t low, size_t high,
                              uint32_t rest, bool or_equal, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (low < high && status == NDUP_STATUS_OK) {
        size_t middle = low + (high - low) / 2;
        status = ndup__segment_touch(segment, table->keys + middle * table->key_width,
                                     table->key_width, error);
        uint32_t found = ndup__segment_rest(table, middle);
        if (found < rest || (or_equal && found == rest)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *bound = low;
    return status;
}

/* The run of a key among those of its slot, wherever it is. */
static ndup_status search_run(size_t *first, size_t *behind, const ndup__segment *segment,
                              const ndup__segment_table *table, size_t begin, size_t end,
                              uint32_t rest, ndup_error *error)
{
    ndup_status status = find_bound(first, segment, table, begin, end, rest, false, error);
    return status == NDUP_STATUS_OK
               ? find_bound(behind, segment, table, *first, end, rest, true, error)
               : status;
}

/* How many of some keys are less than `rest`. Without branches, as nobody can guess them. Each is
 * loaded as the upper bytes of a word: whatever is in the lower ones does not matter, so that they
 * need no mask, whatever their width. */
static inline size_t count_less(const ndup__segment_table *table, size_t begin, size_t count,
                                uint32_t rest)
{
    uint32_t other_bytes = (uint32_t)sizeof rest - table->key_width;
    uint32_t limit = rest << 8 * other_bytes;
    const unsigned char *keys = table->keys + begin * table->key_width - other_bytes;
    size_t less = 0;
    while (count > 0) {
        size_t step = count - count / 2;
        uint32_t found;
        memcpy(&found, keys + (less + step - 1) * table->key_width, sizeof found);
        less += step & (0 - (size_t)(found < limit));
        count /= 2;
    }
    return less;
}

/* The same by the window, if the run begins in it. */
static inline ndup_status find_run(size_t *first, size_t *behind, const ndup__segment *segment,
                                   const ndup__segment_table *table, size_t begin, size_t end,
                                   size_t window, uint32_t rest, ndup_error *error)
{
    size_t count = end - window < table->window_keys ? end - window : table->window_keys;
    ndup_status status = ndup__segment_touch(segment, table->keys + window * table->key_width,
                                             count * table->key_width, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t less = count_less(table, window, count, rest);
    if ((less == 0 && window > begin) || (less == count && window + count < end)) {
        return search_run(first, behind, segment, table, begin, end, rest, error);
    }
    *first = *behind = window + less;
    return less < count && ndup__segment_rest(table, *first) == rest
               ? find_bound(behind, segment, table, *first, end, rest, true, error)
               : NDUP_STATUS_OK;
}

ndup_status ndup__segment_read_more(ndup__segment_range *range, const ndup__segment *segment,
                                    size_t most, ndup_error *error)
{
    size_t count = range->total < most ? range->total : most;
    ndup_status status = ndup__segment_touch(segment, range->bytes, count * range->width, error);
    if (status == NDUP_STATUS_OK && count > range->count) {
        range->count = count;
    }
    return status;
}

static inline ndup_status settle(ndup__segment_range *range, const ndup__segment *segment,
                                 const ndup__segment_table *table, uint32_t key, size_t most,
                                 ndup_error *error)
{
    size_t begin = range->first;
    size_t end = begin + range->count;
    size_t window = range->total;
    size_t first = begin;
    size_t behind = begin;
    ndup_status status = NDUP_STATUS_OK;
    if (begin < end) {
        status = find_run(&first, &behind, segment, table, begin, end, window,
                          ndup__segment_rest_of(table, key), error);
    }
    *range = (ndup__segment_range){.bytes = table->numbers + first * table->number_width,
                                   .width = table->number_width,
                                   .first = segment->facts.first};
    if (status != NDUP_STATUS_OK || behind <= first) {
        return status;
    }
    range->total = behind - first;
    __builtin_prefetch(range->bytes);
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
