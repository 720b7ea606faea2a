/* SPDX-License-Identifier: MIT */
/* All pairs of sets at or above a Jaccard similarity, exactly. */
#ifndef NDUP__SIMILARITY_PREFIX_JOIN_H
#define NDUP__SIMILARITY_PREFIX_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/pulse.h"

/* Called for every pair found, from any worker; a and b are places in the list of sets, in no
 * particular order. */
typedef ndup_status (*ndup__join_visitor)(void *context, uint32_t a, uint32_t b, size_t shared,
                                          unsigned worker, ndup_error *error);

/* Joins sets[i][0..sizes[i]), in ascending order of size, each ascending and without repeats; empty
 * sets join nothing. If two sets of sizes m and n are similar, the rarest n - ceil(t n) + 1
 * elements of both must meet, in any common order of the elements; ordering by frequency keeps the
 * lists short. Sources: Chaudhuri, Ganti, Kaushik 2006 (prefixes); Bayardo, Ma, Srikant 2007
 * (AllPairs: size filter). Cost: beside the sets, 4 bytes for every element, 8 bytes a set, 16
 * bytes for every prefix element that another set may have, and 2 MiB a worker. pulse, which may be
 * NULL, is asked some thousand times a second. Errors: MEMORY, LIMIT (2^32 such elements),
 * CANCELLED, those of visit. */
NDUP_NODISCARD ndup_status ndup__prefix_join(const uint64_t *const *sets, const uint32_t *sizes,
                                             size_t count, double threshold, ndup__pool *pool,
                                             ndup__join_visitor visit, void *context,
                                             ndup__pulse *pulse, const ndup_allocator *allocator,
                                             ndup_error *error);

#endif
