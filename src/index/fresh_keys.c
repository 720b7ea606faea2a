/* SPDX-License-Identifier: MIT */
/* A hash table with chains, that can be taken back key by key. */
#include "index/fresh_keys.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

#define SLOTS_LEAST 1024

static size_t slot_of(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key)
{
    return (size_t)ndup__mix64((uint64_t)table << 32 | key) & (fresh->slot_count - 1);
}

static void link_key(ndup__fresh_keys *fresh, size_t place)
{
    ndup__fresh_key *key = &fresh->keys[place];
    uint32_t *newest = &fresh->newest[slot_of(fresh, key->table, key->key)];
    key->older = *newest;
    *newest = (uint32_t)place + 1;
}

static ndup_status grow(ndup__fresh_keys *fresh, ndup_error *error)
{
    size_t count = fresh->slot_count > 0 ? 2 * fresh->slot_count : SLOTS_LEAST;
    uint32_t *newest = NULL;
    ndup_status status =
        ndup__allocate_zeroed(fresh->allocator, &newest, count, sizeof *newest, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__free(fresh->allocator, &fresh->newest, fresh->slot_count, sizeof *fresh->newest);
    fresh->newest = newest;
    fresh->slot_count = count;
    for (size_t i = 0; i < fresh->count; i++) {
        link_key(fresh, i);
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__fresh_keys_add(ndup__fresh_keys *fresh, uint32_t table, uint32_t key,
                                 uint32_t number, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (fresh->count >= UINT32_MAX - 1) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %u keys in memory", UINT32_MAX - 1);
    }
    if (fresh->count >= fresh->slot_count) {
        status = grow(fresh, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(fresh->allocator, &fresh->keys, &fresh->capacity, fresh->count + 1,
                               sizeof *fresh->keys, error);
    }
    if (status == NDUP_STATUS_OK) {
        fresh->keys[fresh->count] = (ndup__fresh_key){.table = table, .key = key, .number = number};
        link_key(fresh, fresh->count++);
    }
    return status;
}

void ndup__fresh_keys_take_back(ndup__fresh_keys *fresh, size_t count)
{
    for (; fresh->count > count; fresh->count--) {
        const ndup__fresh_key *key = &fresh->keys[fresh->count - 1];
        fresh->newest[slot_of(fresh, key->table, key->key)] = key->older;
    }
}

uint32_t ndup__fresh_keys_next(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key,
                               uint32_t *at)
{
    uint32_t place = *at != 0                ? fresh->keys[*at - 1].older
                     : fresh->slot_count > 0 ? fresh->newest[slot_of(fresh, table, key)]
                                             : 0;
    while (place != 0 &&
           (fresh->keys[place - 1].key != key || fresh->keys[place - 1].table != table)) {
        place = fresh->keys[place - 1].older;
    }
    *at = place;
    return place != 0 ? fresh->keys[place - 1].number : 0;
}

void ndup__fresh_keys_prefetch(const ndup__fresh_keys *fresh, uint32_t table, uint32_t key)
{
    if (fresh->slot_count > 0) {
        __builtin_prefetch(&fresh->newest[slot_of(fresh, table, key)]);
    }
}

void ndup__fresh_keys_deinit(ndup__fresh_keys *fresh)
{
    ndup__free(fresh->allocator, &fresh->keys, fresh->capacity, sizeof *fresh->keys);
    ndup__free(fresh->allocator, &fresh->newest, fresh->slot_count, sizeof *fresh->newest);
    fresh->count = fresh->slot_count = fresh->capacity = 0;
}
