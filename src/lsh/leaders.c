/* SPDX-License-Identifier: MIT */
/* Linked lists of kept rows, newest first, hanging on buckets that may become inner nodes of a
 * prefix tree. */
#include "lsh/leaders.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

#define NONE UINT32_MAX
#define DEPTH_MOST UINT8_MAX
#define VALUE_STEP 0x9E3779B97F4A7C15u
#define STEP_LEAST 2 /* slots by which a bucket is split at least */
#define DESCENTS 32  /* buckets looked up at once */

/* A leaf lists its rows. An inner node (slots_here > 0) sends them to children, by the values of
 * as many slots. */
struct ndup__bucket_state {
    uint32_t head;   /* of a leaf: newest node, or NONE */
    uint32_t count;  /* of a leaf: its rows; of those that no slot can part, the first are listed */
    uint32_t newest; /* of a bucket: 1 + the order of the row added last */
    uint16_t band;
    uint8_t depth; /* slots behind the band that its rows agree in */
    uint8_t slots_here;
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

/* Slot number `depth` of those that split a bucket: first the slots with two bytes, then the
 * others, each from behind the band on, but never the band's own. Wide slots are those of whole
 * bands. */
static unsigned split_slot(const ndup__leaders *leaders, unsigned band, unsigned depth)
{
    const ndup_sketcher *sketcher = leaders->rows->sketcher;
    unsigned rows = leaders->band_rows;
    unsigned wide = sketcher->wide_slots;
    unsigned first = band * rows;
    unsigned wide_others = first < wide ? wide - rows : wide;
    if (depth < wide_others) {
        return first < wide ? (first + rows + depth) % wide : depth;
    }
    unsigned offset = first < wide ? 0 : first + rows - wide;
    return wide + (offset + depth - wide_others) % (sketcher->slots - wide);
}

/* Slots that can split a bucket. */
static unsigned split_slots(const ndup__leaders *leaders)
{
    unsigned others = leaders->rows->sketcher->slots - leaders->band_rows;
    return others < DEPTH_MOST ? others : DEPTH_MOST;
}

static ndup_status order_slots(ndup__leaders *leaders, unsigned bands, ndup_error *error)
{
    unsigned others = split_slots(leaders);
    ndup_status status = ndup__resize(leaders->allocator, &leaders->slot_order, 0,
                                      (size_t)bands * others, sizeof *leaders->slot_order, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    leaders->slot_order_capacity = (size_t)bands * others;
    for (unsigned band = 0; band < bands; band++) {
        for (unsigned i = 0; i < others; i++) {
            leaders->slot_order[band * others + i] = (uint16_t)split_slot(leaders, band, i);
        }
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__leaders_init(ndup__leaders *leaders, const ndup__rows *rows,
                               const ndup__buckets *buckets, unsigned band_rows,
                               const ndup_allocator *allocator, const ndup__breath *breath,
                               ndup_error *error)
{
    *leaders = (ndup__leaders){.allocator = allocator,
                               .rows = rows,
                               .buckets = buckets,
                               .band_rows = band_rows,
                               .slot_key = ndup__slot_key()};
    ndup_status status = ndup__resize(allocator, &leaders->states, 0, buckets->bucket_count,
                                      sizeof *leaders->states, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    leaders->state_count = leaders->state_capacity = buckets->bucket_count;
    unsigned bands = 0;
    for (size_t i = 0; i < buckets->bucket_count; i++) {
        ndup__breathe_at(breath, i, NDUP__BREATH_IN_ORDER);
        leaders->states[i] = (ndup__bucket_state){.head = NONE, .band = buckets->bands[i]};
        bands = buckets->bands[i] >= bands ? buckets->bands[i] + 1u : bands;
    }
    return order_slots(leaders, bands, error);
}

void ndup__leaders_deinit(ndup__leaders *leaders)
{
    const ndup_allocator *allocator = leaders->allocator;
    ndup__free(allocator, &leaders->states, leaders->state_capacity, sizeof *leaders->states);
    ndup__free(allocator, &leaders->nodes, leaders->node_capacity, sizeof *leaders->nodes);
    ndup__free(allocator, &leaders->splits, leaders->split_capacity, sizeof *leaders->splits);
    ndup__free(allocator, &leaders->slot_order, leaders->slot_order_capacity,
               sizeof *leaders->slot_order);
}

/* What the row has in `count` of the slots behind the band, from `depth` on. */
static uint32_t values_of(const ndup__leaders *leaders, const ndup__bucket_state *state,
                          unsigned count, uint32_t row)
{
    const ndup_sketcher *sketcher = leaders->rows->sketcher;
    const uint8_t *bytes = ndup__rows_get(leaders->rows, row);
    const uint16_t *order =
        leaders->slot_order + (size_t)state->band * split_slots(leaders) + state->depth;
    uint64_t values = 0;
    for (unsigned i = 0; i < count; i++) {
        values = values * VALUE_STEP + ndup__row_wide_slot(sketcher, bytes, order[i]);
    }
    return (uint32_t)(ndup__mix64(values) >> 32);
}

/* What tells the children of an inner node apart. */
static uint32_t deciding_value(const ndup__leaders *leaders, const ndup__bucket_state *state,
                               uint32_t row)
{
    return values_of(leaders, state, state->slots_here, row);
}

static size_t first_split_place(const ndup__leaders *leaders, uint32_t state, uint32_t value)
{
    uint64_t key = (uint64_t)state << 32 | value;
    return (size_t)ndup__slot_hash(key, leaders->slot_key) & (leaders->split_capacity - 1);
}

static size_t split_place(const ndup__leaders *leaders, uint32_t state, uint32_t value)
{
    size_t at = first_split_place(leaders, state, value);
    for (;;) {
        const ndup__split_entry *entry = &leaders->splits[at];
        if (entry->child == NONE || (entry->state == state && entry->value == value)) {
            return at;
        }
        at = (at + 1) & (leaders->split_capacity - 1);
    }
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
    uint32_t value = deciding_value(leaders, &leaders->states[state], row);
    ndup__split_entry *entry = &leaders->splits[split_place(leaders, state, value)];
    if (entry->child == NONE) {
        *entry = (ndup__split_entry){state, value, (uint32_t)leaders->state_count++};
        leaders->split_count++;
        const ndup__bucket_state *parent = &leaders->states[state];
        uint8_t depth = (uint8_t)(parent->depth + parent->slots_here);
        leaders->states[entry->child] =
            (ndup__bucket_state){.head = NONE, .band = parent->band, .depth = depth};
    }
    *child = entry->child;
    return NDUP_STATUS_OK;
}

/* Rows that agree in every slot cannot be told apart by splitting. */
static bool is_bottom(const ndup__leaders *leaders, const ndup__bucket_state *state)
{
    return state->depth >= split_slots(leaders);
}

/* Adds a node to a leaf; only at the bottom are there more than it lists. */
static void push(ndup__leaders *leaders, uint32_t state, uint32_t node)
{
    ndup__bucket_state *leaf = &leaders->states[state];
    if (leaf->count++ < NDUP__BUCKET_LEADERS) {
        leaders->nodes[node].next = leaf->head;
        leaf->head = node;
    }
}

/* How many of a full leaf's rows are at most alike in the next `count` slots. */
static unsigned largest_share(const ndup__leaders *leaders, const ndup__bucket_state *state,
                              unsigned count)
{
    uint32_t values[NDUP__BUCKET_LEADERS];
    unsigned rows = 0;
    unsigned largest = 0;
    for (uint32_t node = state->head; node != NONE; node = leaders->nodes[node].next) {
        values[rows++] = values_of(leaders, state, count, leaders->nodes[node].row);
    }
    for (unsigned i = 0; i < rows; i++) {
        unsigned same = 0;
        for (unsigned k = 0; k < rows; k++) {
            same += values[k] == values[i];
        }
        largest = same > largest ? same : largest;
    }
    return largest;
}

/* By how many slots a full leaf is split: by as few as leave no more than half of its rows
 * together, or by all. */
static unsigned choose_step(const ndup__leaders *leaders, const ndup__bucket_state *state)
{
    unsigned left = split_slots(leaders) - state->depth;
    unsigned step = STEP_LEAST < left ? STEP_LEAST : left;
    while (step < left && largest_share(leaders, state, step) > NDUP__BUCKET_LEADERS / 2) {
        step = 2 * step < left ? 2 * step : left;
    }
    return step;
}

/* Hands a full state's nodes to its children; oldest first, so that the children's lists are newest
 * first too. */
static ndup_status split(ndup__leaders *leaders, uint32_t state, ndup_error *error)
{
    unsigned step = choose_step(leaders, &leaders->states[state]);
    uint32_t oldest = NONE;
    for (uint32_t node = leaders->states[state].head; node != NONE;) { /* reverse the list */
        uint32_t next = leaders->nodes[node].next;
        leaders->nodes[node].next = oldest;
        oldest = node;
        node = next;
    }
    leaders->states[state].slots_here = (uint8_t)step;
    leaders->states[state].head = NONE;
    leaders->split_buckets += leaders->states[state].depth == 0;
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

static ndup_status add_to_bucket(ndup__leaders *leaders, uint32_t bucket, uint32_t row,
                                 uint32_t order, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint32_t state = bucket;
    leaders->states[bucket].newest = order + 1;
    for (;;) {
        const ndup__bucket_state *here = &leaders->states[state];
        if (here->slots_here > 0) {
            status = child_for(leaders, &state, state, row, error);
        } else if (here->count >= NDUP__BUCKET_LEADERS && !is_bottom(leaders, here)) {
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

bool ndup__leaders_have_since(const ndup__leaders *leaders, uint32_t row, uint32_t since)
{
    const ndup__buckets *buckets = leaders->buckets;
    bool have = false;
    for (uint64_t i = buckets->starts[row]; i < buckets->starts[row + 1] && !have; i++) {
        have = leaders->states[buckets->buckets[i]].newest > since;
    }
    return have;
}

/* Goes down from inner nodes to the children of a row, NONE where there is none yet. Returns
 * whether one of them is an inner node itself. All look-ups of a level are under way at once. */
static bool go_down(const ndup__leaders *leaders, uint32_t *states, size_t count, uint32_t row)
{
    uint32_t values[DESCENTS];
    bool is_inner[DESCENTS];
    bool more = false;
    for (size_t i = 0; i < count; i++) {
        is_inner[i] = states[i] != NONE && leaders->states[states[i]].slots_here > 0;
        if (is_inner[i]) {
            values[i] = deciding_value(leaders, &leaders->states[states[i]], row);
            __builtin_prefetch(&leaders->splits[first_split_place(leaders, states[i], values[i])]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (is_inner[i]) {
            states[i] = leaders->splits[split_place(leaders, states[i], values[i])].child;
            if (states[i] != NONE) {
                __builtin_prefetch(&leaders->states[states[i]]);
                more = true;
            }
        }
    }
    return more;
}

/* Visits what a leaf lists, the newest first. */
static void visit_leaf(const ndup__leaders *leaders, const ndup__bucket_state *leaf, uint32_t since,
                       ndup__leader_visitor visit, void *context)
{
    unsigned chosen = leaders->band_rows + leaf->depth;
    uint32_t node = leaf->head;
    while (node != NONE && leaders->nodes[node].order >= since) {
        visit(context, leaders->nodes[node].row, chosen);
        node = leaders->nodes[node].next;
    }
}

ndup__crowding ndup__leaders_visit(const ndup__leaders *leaders, uint32_t row, uint32_t since,
                                   ndup__leader_visitor visit, void *context)
{
    const ndup__buckets *buckets = leaders->buckets;
    ndup__crowding crowding = {false, false};
    uint64_t end = buckets->starts[row + 1];
    for (uint64_t begin = buckets->starts[row]; begin < end; begin += DESCENTS) {
        uint32_t states[DESCENTS];
        size_t count = end - begin < DESCENTS ? (size_t)(end - begin) : DESCENTS;
        for (size_t i = 0; i < count; i++) {
            states[i] = buckets->buckets[begin + i];
            __builtin_prefetch(&leaders->states[states[i]]);
        }
        while (go_down(leaders, states, count, row)) {
            crowding.is_split = true;
        }
        for (size_t i = 0; i < count; i++) {
            if (states[i] != NONE) {
                const ndup__bucket_state *leaf = &leaders->states[states[i]];
                visit_leaf(leaders, leaf, since, visit, context);
                crowding.is_full |= leaf->count > NDUP__BUCKET_LEADERS;
            }
        }
    }
    return crowding;
}
