/* SPDX-License-Identifier: MIT */
/* Linked lists of kept rows, newest first, hanging on buckets that may become inner nodes of a
 * prefix tree. */
#include "lsh/leaders.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

#define NONE UINT32_MAX
#define LEVEL_SPLIT 0x8000u /* flag in ndup__bucket_state.level */

struct ndup__bucket_state {
    uint32_t head; /* newest node, or NONE */
    uint32_t count;
    uint16_t band;
    uint16_t level; /* slots behind the band that its rows agree in; with LEVEL_SPLIT once split */
};

struct ndup__leader_node {
    uint32_t row;
    uint32_t order;
    uint32_t next;
};

struct ndup__split_entry {
    uint32_t state;
    uint32_t value;
    uint32_t child; /* NONE: the entry is free */
};

ndup_status ndup__leaders_init(ndup__leaders *leaders, const ndup__rows *rows,
                               const ndup__buckets *buckets, unsigned band_rows,
                               const ndup_allocator *allocator, ndup_error *error)
{
    *leaders = (ndup__leaders){
        .allocator = allocator, .rows = rows, .buckets = buckets, .band_rows = band_rows};
    ndup_status status = ndup__resize(allocator, &leaders->states, 0, buckets->bucket_count,
                                      sizeof *leaders->states, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    leaders->state_count = leaders->state_capacity = buckets->bucket_count;
    for (size_t i = 0; i < buckets->bucket_count; i++) {
        leaders->states[i] = (ndup__bucket_state){.head = NONE, .band = buckets->bands[i]};
    }
    return NDUP_STATUS_OK;
}

void ndup__leaders_deinit(ndup__leaders *leaders)
{
    const ndup_allocator *allocator = leaders->allocator;
    ndup__free(allocator, &leaders->states, leaders->state_capacity, sizeof *leaders->states);
    ndup__free(allocator, &leaders->nodes, leaders->node_capacity, sizeof *leaders->nodes);
    ndup__free(allocator, &leaders->splits, leaders->split_capacity, sizeof *leaders->splits);
}

/* Slot number `level` of those that split a bucket: first the slots with two bytes, then the
 * others, each from behind the band on, but never the band's own. Wide slots are those of whole
 * bands. */
static unsigned split_slot(const ndup__leaders *leaders, unsigned band, unsigned level)
{
    const ndup_sketcher *sketcher = leaders->rows->sketcher;
    unsigned rows = leaders->band_rows;
    unsigned wide = sketcher->wide_slots;
    unsigned first = band * rows;
    unsigned wide_others = first < wide ? wide - rows : wide;
    if (level < wide_others) {
        return first < wide ? (first + rows + level) % wide : level;
    }
    unsigned offset = first < wide ? 0 : first + rows - wide;
    return wide + (offset + level - wide_others) % (sketcher->slots - wide);
}

/* Value of the two slots that tell the children of a split bucket apart. */
static uint32_t deciding_slot(const ndup__leaders *leaders, const ndup__bucket_state *state,
                              uint32_t row)
{
    const ndup_sketcher *sketcher = leaders->rows->sketcher;
    unsigned level = state->level & (LEVEL_SPLIT - 1);
    const uint8_t *bytes = ndup__rows_get(leaders->rows, row);
    unsigned a = split_slot(leaders, state->band, level);
    unsigned b = split_slot(leaders, state->band, level + 1);
    return ndup__row_wide_slot(sketcher, bytes, a) << 16 | ndup__row_wide_slot(sketcher, bytes, b);
}

static size_t split_place(const ndup__leaders *leaders, uint32_t state, uint32_t value)
{
    size_t mask = leaders->split_capacity - 1;
    size_t at = (size_t)ndup__mix64((uint64_t)state << 32 | value) & mask;
    for (;;) {
        const ndup__split_entry *entry = &leaders->splits[at];
        if (entry->child == NONE || (entry->state == state && entry->value == value)) {
            return at;
        }
        at = (at + 1) & mask;
    }
}

/* The unsplit state in which the row belongs, from a bucket down; NONE when there is none yet. */
static uint32_t descend(const ndup__leaders *leaders, uint32_t state, uint32_t row)
{
    while (state != NONE && (leaders->states[state].level & LEVEL_SPLIT) != 0) {
        uint32_t value = deciding_slot(leaders, &leaders->states[state], row);
        state = leaders->splits[split_place(leaders, state, value)].child;
    }
    return state;
}

static ndup_status grow_splits(ndup__leaders *leaders, ndup_error *error)
{
    size_t old_capacity = leaders->split_capacity;
    ndup__split_entry *old = leaders->splits;
    size_t capacity = old_capacity == 0 ? 1024 : 2 * old_capacity;
    ndup__split_entry *grown = NULL;
    ndup_status status =
        ndup__resize(leaders->allocator, &grown, 0, capacity, sizeof *grown, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < capacity; i++) {
        grown[i].child = NONE;
    }
    leaders->splits = grown;
    leaders->split_capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].child != NONE) {
            grown[split_place(leaders, old[i].state, old[i].value)] = old[i];
        }
    }
    ndup__free(leaders->allocator, &old, old_capacity, sizeof *old);
    return NDUP_STATUS_OK;
}

/* The child of a split state for the row, made if need be. */
static ndup_status child_for(ndup__leaders *leaders, uint32_t *child, uint32_t state, uint32_t row,
                             ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (2 * (leaders->split_count + 1) > leaders->split_capacity) {
        status = grow_splits(leaders, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(leaders->allocator, &leaders->states, &leaders->state_capacity,
                               leaders->state_count + 1, sizeof *leaders->states, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t value = deciding_slot(leaders, &leaders->states[state], row);
    ndup__split_entry *entry = &leaders->splits[split_place(leaders, state, value)];
    if (entry->child == NONE) {
        *entry = (ndup__split_entry){state, value, (uint32_t)leaders->state_count++};
        leaders->split_count++;
        const ndup__bucket_state *parent = &leaders->states[state];
        uint16_t level = (uint16_t)((parent->level & (LEVEL_SPLIT - 1)) + 2);
        leaders->states[entry->child] =
            (ndup__bucket_state){.head = NONE, .band = parent->band, .level = level};
    }
    *child = entry->child;
    return NDUP_STATUS_OK;
}

static void push(ndup__leaders *leaders, uint32_t state, uint32_t node)
{
    leaders->nodes[node].next = leaders->states[state].head;
    leaders->states[state].head = node;
    leaders->states[state].count++;
}

/* Hands a full state's nodes to its children; oldest first, so that the children's lists are newest
 * first too. */
static ndup_status split(ndup__leaders *leaders, uint32_t state, ndup_error *error)
{
    uint32_t oldest = NONE;
    for (uint32_t node = leaders->states[state].head; node != NONE;) { /* reverse the list */
        uint32_t next = leaders->nodes[node].next;
        leaders->nodes[node].next = oldest;
        oldest = node;
        node = next;
    }
    leaders->states[state].level |= LEVEL_SPLIT;
    leaders->states[state].head = NONE;
    leaders->split_buckets += leaders->states[state].level == LEVEL_SPLIT;
    for (uint32_t node = oldest; node != NONE;) {
        uint32_t next = leaders->nodes[node].next;
        uint32_t child;
        ndup_status status = child_for(leaders, &child, state, leaders->nodes[node].row, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        push(leaders, child, node);
        node = next;
    }
    return NDUP_STATUS_OK;
}

/* Rows that agree in every slot cannot be told apart by splitting. */
static bool can_split(const ndup__leaders *leaders, const ndup__bucket_state *state)
{
    return state->level + 1 + leaders->band_rows < leaders->rows->sketcher->slots;
}

static ndup_status add_to_bucket(ndup__leaders *leaders, uint32_t bucket, uint32_t row,
                                 uint32_t order, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint32_t state = bucket;
    for (;;) {
        const ndup__bucket_state *here = &leaders->states[state];
        if ((here->level & LEVEL_SPLIT) != 0) {
            status = child_for(leaders, &state, state, row, error);
        } else if (here->count >= NDUP__BUCKET_LEADERS && can_split(leaders, here)) {
            status = split(leaders, state, error);
        } else {
            break;
        }
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    status = ndup__reserve(leaders->allocator, &leaders->nodes, &leaders->node_capacity,
                           leaders->node_count + 1, sizeof *leaders->nodes, error);
    if (status == NDUP_STATUS_OK && leaders->node_count >= NONE - 1) {
        status = ndup__fail(error, NDUP_STATUS_LIMIT, "more than 2^32 kept rows in buckets");
    }
    if (status == NDUP_STATUS_OK) {
        leaders->nodes[leaders->node_count] = (ndup__leader_node){row, order, NONE};
        push(leaders, state, (uint32_t)leaders->node_count++);
    }
    return status;
}

ndup_status ndup__leaders_add(ndup__leaders *leaders, uint32_t row, uint32_t order,
                              ndup_error *error)
{
    const ndup__buckets *buckets = leaders->buckets;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = buckets->starts[row];
         i < buckets->starts[row + 1] && status == NDUP_STATUS_OK; i++) {
        status = add_to_bucket(leaders, buckets->buckets[i], row, order, error);
    }
    return status;
}

void ndup__leaders_visit(const ndup__leaders *leaders, uint32_t row, uint32_t since,
                         ndup__leader_visitor visit, void *context)
{
    const ndup__buckets *buckets = leaders->buckets;
    for (uint64_t i = buckets->starts[row]; i < buckets->starts[row + 1]; i++) {
        uint32_t state = descend(leaders, buckets->buckets[i], row);
        uint32_t node = state == NONE ? NONE : leaders->states[state].head;
        while (node != NONE && leaders->nodes[node].order >= since) {
            visit(context, leaders->nodes[node].row);
            node = leaders->nodes[node].next;
        }
    }
}
