/* SPDX-License-Identifier: MIT */
/* The kept rows of every bucket, and the splitting of buckets in which too many are kept. */
#ifndef NDUP__LSH_LEADERS_H
#define NDUP__LSH_LEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/breath.h"
#include "lsh/buckets.h"

/* Most kept rows that one bucket may hold before it is split. */
#define NDUP__BUCKET_LEADERS 64

typedef struct ndup__bucket_state ndup__bucket_state;
typedef struct ndup__leader_node ndup__leader_node;
typedef struct ndup__split_entry ndup__split_entry;

/* Rows are added in keep order and only those that stay. A bucket that would hold more than
 * NDUP__BUCKET_LEADERS is split: from then on its rows must also agree in slots behind the band, in
 * as many as part the kept rows well, then in more, and so on. This is the prefix tree of LSH
 * Forest (Bawa, Condie, Ganesan 2005), grown only where it is needed, with the paths left out on
 * which little parts; it bounds the work a row by bands * NDUP__BUCKET_LEADERS whatever the corpus.
 * Rows that agree in every slot end in one leaf, which tells of the first NDUP__BUCKET_LEADERS.
 * Pairs that share a template but not the next slots are lost to that band; splits are counted for
 * the report. Threads: queries may run at once while nothing is
 * added. */
typedef struct ndup__leaders {
    const ndup_allocator *allocator;
    const ndup__rows *rows;
    const ndup__buckets *buckets;
    unsigned band_rows;
    ndup__bucket_state *states; /* buckets, then the children of split ones */
    size_t state_count, state_capacity;
    ndup__leader_node *nodes;
    size_t node_count, node_capacity;
    ndup__split_entry *splits; /* hash table (state, slot value) -> child */
    size_t split_count, split_capacity;
    uint64_t slot_key;
    uint16_t *slot_order; /* [bands][slots - band_rows] slots that split the buckets of a band */
    size_t slot_order_capacity;
    uint64_t split_buckets;
} ndup__leaders;

NDUP_NODISCARD ndup_status ndup__leaders_init(ndup__leaders *leaders, const ndup__rows *rows,
                                              const ndup__buckets *buckets, unsigned band_rows,
                                              const ndup_allocator *allocator,
                                              const ndup__breath *breath, ndup_error *error);
void ndup__leaders_deinit(ndup__leaders *leaders);

/* Adds a row to all its buckets. `order` rises from row to row. */
NDUP_NODISCARD ndup_status ndup__leaders_add(ndup__leaders *leaders, uint32_t row, uint32_t order,
                                             ndup_error *error);

/* Whether a row was added to one of this row's buckets whose order is >= since. */
bool ndup__leaders_have_since(const ndup__leaders *leaders, uint32_t row, uint32_t since);

/* Called for every kept row that shares a bucket, once per shared bucket. `chosen` slots of the two
 * agree because they are in that bucket; the others say how alike they are. */
typedef void (*ndup__leader_visitor)(void *context, uint32_t leader, unsigned chosen);

/* What a row's buckets are like. */
typedef struct ndup__crowding {
    bool is_split; /* one of them was split */
    bool is_full;  /* a leaf does not tell of all its rows */
} ndup__crowding;

/* Visits the kept rows of all the row's buckets whose order is >= since. */
ndup__crowding ndup__leaders_visit(const ndup__leaders *leaders, uint32_t row, uint32_t since,
                                   ndup__leader_visitor visit, void *context);

#endif
