/* SPDX-License-Identifier: MIT */
/* Numbers that share keys: all segments are asked at once, so that they wait for memory together.
 */
#include "base/alloc.h"
#include "index/key_view.h"

void ndup__number_list_deinit(ndup__number_list *list)
{
    ndup__free(list->allocator, &list->numbers, list->capacity, sizeof *list->numbers);
    ndup__free(list->allocator, &list->ranges, list->range_capacity, sizeof *list->ranges);
    list->count = list->capacity = list->range_capacity = 0;
}

static ndup_status add_number(ndup__number_list *list, uint32_t number, ndup_error *error)
{
    ndup_status status = ndup__reserve(list->allocator, &list->numbers, &list->capacity,
                                       list->count + 1, sizeof *list->numbers, error);
    if (status == NDUP_STATUS_OK) {
        list->numbers[list->count++] = number;
    }
    return status;
}

static ndup_status add_range(ndup__number_list *list, const ndup__segment_range *range,
                             ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < range->count && status == NDUP_STATUS_OK; i++) {
        status = add_number(list, ndup__segment_number(range, i), error);
    }
    list->is_cut |= range->total > range->count;
    return status;
}

static ndup_status add_fresh(ndup__number_list *list, const ndup__fresh_keys *fresh, uint32_t table,
                             uint32_t key, size_t most, ndup_error *error)
{
    uint32_t at = 0;
    uint32_t number = ndup__fresh_keys_next(fresh, table, key, &at);
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < most && number != 0 && status == NDUP_STATUS_OK; i++) {
        status = add_number(list, number, error);
        number = ndup__fresh_keys_next(fresh, table, key, &at);
    }
    list->is_cut |= number != 0;
    return status;
}

/* Adds the numbers of one key. */
static ndup_status find_more(ndup__key_view *view, ndup__number_list *list, uint32_t table,
                             uint32_t key, size_t most, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        ndup__segment_range range = {.count = 0};
        if (view->segments[i].segment != NULL) {
            status = ndup__segment_find(&range, view->segments[i].segment, table, key, most, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = add_range(list, &range, error);
        }
    }
    return status == NDUP_STATUS_OK ? add_fresh(list, &view->fresh, table, key, most, error)
                                    : status;
}

ndup_status ndup__key_view_find(ndup__key_view *view, ndup__number_list *list, uint32_t table,
                                const uint32_t *keys, size_t count, size_t most, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    list->count = 0;
    list->is_cut = false;
    pthread_rwlock_rdlock(&view->lock);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = find_more(view, list, table, keys[i], most, error);
    }
    pthread_rwlock_unlock(&view->lock);
    return status;
}

/* The three steps with all segments: what one waits for is asked for while others are looked at. */
static ndup_status ask_segments(const ndup__key_view *view, ndup__segment_range *ranges,
                                const uint32_t *keys, size_t most, ndup_error *error)
{
    uint32_t tables = view->settings->tables;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < view->segment_count; i++) {
        if (view->segments[i].segment != NULL) {
            ndup__segment_prefetch(view->segments[i].segment, keys);
        }
    }
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        if (view->segments[i].segment != NULL) {
            status =
                ndup__segment_narrow(ranges + i * tables, view->segments[i].segment, keys, error);
        }
    }
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        if (view->segments[i].segment != NULL) {
            status = ndup__segment_settle(ranges + i * tables, view->segments[i].segment, keys,
                                          most, error);
        }
    }
    return status;
}

static ndup_status find_all(ndup__key_view *view, ndup__number_list *classes,
                            ndup__number_list *bands, const uint32_t *keys, size_t most,
                            ndup_error *error)
{
    uint32_t tables = view->settings->tables;
    uint32_t count = view->settings->key_count;
    for (uint32_t i = NDUP__TABLE_CLASSES; i < count; i++) {
        ndup__fresh_keys_prefetch(&view->fresh, i, keys[i]);
    }
    ndup_status status = ndup__reserve(bands->allocator, &bands->ranges, &bands->range_capacity,
                                       view->segment_count * tables, sizeof *bands->ranges, error);
    if (status == NDUP_STATUS_OK) {
        status = ask_segments(view, bands->ranges, keys, most, error);
    }
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        const ndup__segment_range *ranges = bands->ranges + i * tables;
        bool is_usable = view->segments[i].segment != NULL;
        for (uint32_t k = NDUP__TABLE_CLASSES; is_usable && k < count && status == NDUP_STATUS_OK;
             k++) {
            status = add_range(k == NDUP__TABLE_CLASSES ? classes : bands, &ranges[k], error);
        }
    }
    for (uint32_t k = NDUP__TABLE_CLASSES; k < count && status == NDUP_STATUS_OK; k++) {
        status = add_fresh(k == NDUP__TABLE_CLASSES ? classes : bands, &view->fresh, k, keys[k],
                           most, error);
    }
    return status;
}

ndup_status ndup__key_view_find_all(ndup__key_view *view, ndup__number_list *classes,
                                    ndup__number_list *bands, const uint32_t *keys, size_t most,
                                    ndup_error *error)
{
    classes->count = bands->count = 0;
    classes->is_cut = bands->is_cut = false;
    pthread_rwlock_rdlock(&view->lock);
    ndup_status status = find_all(view, classes, bands, keys, most, error);
    pthread_rwlock_unlock(&view->lock);
    return status;
}

static bool range_has(const ndup__segment_range *range, uint32_t number)
{
    size_t begin = 0;
    size_t end = range->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (ndup__segment_number(range, middle) < number) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < range->count && ndup__segment_number(range, begin) == number;
}

static bool fresh_has(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key, uint32_t number)
{
    uint32_t at = 0;
    uint32_t found = ndup__fresh_keys_next(fresh, table, key, &at);
    while (found != 0 && found != number) {
        found = ndup__fresh_keys_next(fresh, table, key, &at);
    }
    return found != 0;
}

ndup_status ndup__key_view_has(ndup__key_view *view, bool *has, uint32_t table, uint32_t key,
                               uint32_t number, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    pthread_rwlock_rdlock(&view->lock);
    *has = fresh_has(&view->fresh, table, key, number);
    for (size_t i = 0; i < view->segment_count && !*has && status == NDUP_STATUS_OK; i++) {
        const ndup__viewed_segment *viewed = &view->segments[i];
        ndup__segment_range range = {.count = 0};
        if (viewed->segment != NULL && number >= viewed->first && number <= viewed->last) {
            status = ndup__segment_find(&range, viewed->segment, table, key, SIZE_MAX, error);
            *has = status == NDUP_STATUS_OK && range_has(&range, number);
        }
    }
    pthread_rwlock_unlock(&view->lock);
    return status;
}
