/* SPDX-License-Identifier: MIT */
/* Disjoint sets. Source: Tarjan, "Efficiency of a good but not linear set union algorithm", 1975.
 */
#ifndef NDUP__CLUSTER_UNION_FIND_H
#define NDUP__CLUSTER_UNION_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Elements 0..count-1, each alone at first. Threads: single-owner. */
typedef struct ndup__union_find {
    const ndup_allocator *allocator;
    uint32_t *parents;
    size_t count;
} ndup__union_find;

NDUP_NODISCARD ndup_status ndup__union_find_init(ndup__union_find *sets, size_t count,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);
void ndup__union_find_deinit(ndup__union_find *sets);

/* The element that stands for x's set: its least element. */
uint32_t ndup__union_find_root(ndup__union_find *sets, uint32_t x);
void ndup__union_find_join(ndup__union_find *sets, uint32_t x, uint32_t y);

#endif
