/* SPDX-License-Identifier: MIT */
/* All hashes are passed once for each range of them, with a hash table of the range's first
 * classes. Ranges and slots are chosen by a number that nobody knows, so that ranges are alike;
 * classes for which the table has no room nevertheless wait for another pass of their range. */
#include "dedup/class_ranges.h"

#include <string.h>

#include "base/alloc.h"

#define SLOTS_LEAST 1024
/* Classes that are looked up at once, so that their slots come from memory together. */
#define AT_ONCE 64

/* A class that no other one of the range is before. */
typedef struct first_slot {
    ndup__hash128 hash;
    uint32_t next; /* 1 + class; 0: free */
} first_slot;

typedef struct class_search {
    const ndup__table *table;
    uint32_t *firsts; /* [class_count] first class with the same hash, or NDUP__NO_CLASS so far */
    uint64_t ranges;
    size_t slot_count;  /* of each worker; a power of two */
    size_t room;        /* classes that a table takes */
    first_slot **slots; /* [workers] */
} class_search;

/* A pass over the classes of one range. */
typedef struct range_pass {
    class_search *search;
    first_slot *slots;
    size_t taken;
    size_t waiting; /* the first class that found no room; class_count: none */
    uint32_t batch[AT_ONCE];
    size_t at[AT_ONCE];
    size_t batched;
} range_pass;

static uint64_t range_of(const class_search *search, uint64_t mixed)
{
    return (mixed >> 32) * search->ranges >> 32;
}

/* Looks a class up and enters it where there is none like it. */
static void enter(range_pass *pass, uint32_t class_number, size_t at)
{
    class_search *search = pass->search;
    ndup__hash128 hash = search->table->class_hashes[class_number];
    first_slot *slots = pass->slots;
    for (; slots[at].next != 0; at = (at + 1) & (search->slot_count - 1)) {
        if (slots[at].hash.low == hash.low && slots[at].hash.high == hash.high) {
            search->firsts[class_number] = slots[at].next - 1;
            return;
        }
    }
    if (pass->taken < search->room) {
        pass->taken++;
        slots[at] = (first_slot){hash, class_number + 1};
        search->firsts[class_number] = class_number;
    } else if (pass->waiting > class_number) {
        pass->waiting = class_number;
    }
}

static void enter_batch(range_pass *pass)
{
    for (size_t i = 0; i < pass->batched; i++) {
        enter(pass, pass->batch[i], pass->at[i]);
    }
    pass->batched = 0;
}

/* Passes over the classes from `begin` on; returns the first that found no room. */
static size_t pass_range(range_pass *pass, uint64_t range, size_t begin)
{
    const class_search *search = pass->search;
    const ndup__table *table = search->table;
    pass->taken = 0;
    pass->waiting = table->class_count;
    memset(pass->slots, 0, search->slot_count * sizeof *pass->slots);
    for (size_t i = begin; i < table->class_count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_IN_ORDER);
        uint64_t mixed = ndup__slot_hash(table->class_hashes[i].low, table->slot_key);
        if (range_of(search, mixed) != range ||
            (begin > 0 && search->firsts[i] != NDUP__NO_CLASS)) {
            continue;
        }
        size_t at = (size_t)mixed & (search->slot_count - 1);
        __builtin_prefetch(&pass->slots[at], 1);
        pass->batch[pass->batched] = (uint32_t)i;
        pass->at[pass->batched++] = at;
        if (pass->batched == AT_ONCE) {
            enter_batch(pass);
        }
    }
    enter_batch(pass);
    return pass->waiting;
}

static ndup_status search_ranges(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    class_search *search = context;
    ndup_status status = NDUP_STATUS_OK;
    if (search->slots[worker] == NULL) {
        status = ndup__resize(search->table->allocator, &search->slots[worker], 0,
                              search->slot_count, sizeof(first_slot), error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        ndup__hint_large(search->slots[worker], search->slot_count * sizeof(first_slot));
    }
    range_pass pass = {.search = search, .slots = search->slots[worker]};
    for (size_t range = begin; range < end; range++) {
        size_t from = 0;
        while (from < search->table->class_count) {
            from = pass_range(&pass, range, from);
        }
    }
    return status;
}

/* Tables as large as the work space allows, as few ranges as fill two thirds of them. */
static void choose_ranges(class_search *search, uint64_t work_bytes, unsigned workers)
{
    size_t classes = search->table->class_count;
    size_t slots = SLOTS_LEAST;
    while (slots < classes + classes / 2 &&
           2 * slots * sizeof(first_slot) <= work_bytes / workers) {
        slots *= 2;
    }
    search->slot_count = slots;
    search->room = slots / 8 * 7;
    search->ranges = classes / (slots / 3 * 2) + 1;
}

static ndup_status find_firsts(class_search *search, ndup__pool *pool, ndup_error *error)
{
    const ndup__table *table = search->table;
    unsigned workers = ndup__pool_workers(pool);
    ndup_status status = ndup__allocate_zeroed(table->allocator, &search->slots, workers,
                                               sizeof *search->slots, error);
    if (status == NDUP_STATUS_OK) {
        ndup__breath_fill(table->breath, search->firsts, 0xFF,
                          table->class_count * sizeof *search->firsts);
        status =
            ndup__pool_ranges(pool, 0, (size_t)search->ranges, 1, search_ranges, search, error);
    }
    for (unsigned i = 0; search->slots != NULL && i < workers; i++) {
        ndup__free(table->allocator, &search->slots[i], search->slot_count, sizeof(first_slot));
    }
    ndup__free(table->allocator, &search->slots, workers, sizeof *search->slots);
    return status;
}

/* Moves a first class down to the number that it gets. */
static void move_class(ndup__table *table, size_t to, size_t from)
{
    table->class_hashes[to] = table->class_hashes[from];
    table->class_documents[to] = table->class_documents[from];
    table->class_tokens[to] = table->class_tokens[from];
    if (table->row_bytes > 0) {
        memmove(table->rows + to * table->row_bytes, table->rows + from * table->row_bytes,
                table->row_bytes);
    }
}

/* Numbers the classes anew, in order: numbers[] has the first of each, and then what it became. */
static size_t compact(ndup__table *table, uint32_t *numbers)
{
    size_t count = 0;
    for (size_t i = 0; i < table->class_count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        if (numbers[i] != i) {
            numbers[i] = numbers[numbers[i]];
            continue;
        }
        if (count != i) {
            move_class(table, count, i);
        }
        numbers[i] = (uint32_t)count++;
    }
    for (size_t i = 0; i < table->count; i++) {
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE);
        table->classes[i] = numbers[table->classes[i]];
    }
    return count;
}

ndup_status ndup__class_ranges_join(ndup__table *table, uint64_t work_bytes, ndup__pool *pool,
                                    ndup_error *error)
{
    size_t before = table->class_count;
    class_search search = {.table = table};
    if (!table->is_deferred || before == 0) {
        return NDUP_STATUS_OK;
    }
    choose_ranges(&search, work_bytes, ndup__pool_workers(pool));
    ndup_status status =
        ndup__resize(table->allocator, &search.firsts, 0, before, sizeof *search.firsts, error);
    if (status == NDUP_STATUS_OK) {
        status = find_firsts(&search, pool, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__table_cut_classes(table, compact(table, search.firsts), error);
    }
    ndup__free(table->allocator, &search.firsts, before, sizeof *search.firsts);
    return status;
}
