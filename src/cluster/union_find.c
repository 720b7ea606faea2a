/* SPDX-License-Identifier: MIT */
/* Path halving; the lesser root becomes the parent, so that roots do not depend on the order of
 * joins. */
#include "cluster/union_find.h"

#include "base/alloc.h"

ndup_status ndup__union_find_init(ndup__union_find *sets, size_t count,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    *sets = (ndup__union_find){.allocator = allocator, .count = count};
    ndup_status status =
        ndup__resize(allocator, &sets->parents, 0, count, sizeof *sets->parents, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        sets->parents[i] = (uint32_t)i;
    }
    return status;
}

void ndup__union_find_deinit(ndup__union_find *sets)
{
    ndup__free(sets->allocator, &sets->parents, sets->count, sizeof *sets->parents);
}

uint32_t ndup__union_find_root(ndup__union_find *sets, uint32_t x)
{
    uint32_t *parents = sets->parents;
    while (parents[x] != x) {
        parents[x] = parents[parents[x]];
        x = parents[x];
    }
    return x;
}

void ndup__union_find_join(ndup__union_find *sets, uint32_t x, uint32_t y)
{
    uint32_t a = ndup__union_find_root(sets, x);
    uint32_t b = ndup__union_find_root(sets, y);
    if (a < b) {
        sets->parents[b] = a;
    } else {
        sets->parents[a] = b;
    }
}
