/* SPDX-License-Identifier: MIT */
/* Runs of shingles that stand in two texts. */
#ifndef NDUP__SIMILARITY_SPANS_H
#define NDUP__SIMILARITY_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"
#include "similarity/shingle_index.h"

/* A run: a[a..a+length) equals b[b..b+length). Units: shingles. */
typedef struct ndup__shared_run {
    uint32_t a;
    uint32_t b;
    uint32_t length;
} ndup__shared_run;

/* Work space, reused from pair to pair; zero-initialise and set the allocator. Threads:
 * single-owner. */
typedef struct ndup__run_finder {
    const ndup_allocator *allocator;
    ndup__shingle_index index;
    ndup__shared_run *runs;
    size_t run_capacity;
} ndup__run_finder;

/* The longest run (the first in b among equals); length 0 when nothing is shared.
 * Cost: linear but for texts that repeat one shingle very often: there the search stops after a
 * fixed number of steps a shingle and the run is the longest one met. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__longest_run(ndup__shared_run *run, ndup__run_finder *finder,
                                             const uint64_t *a, size_t a_count, const uint64_t *b,
                                             size_t b_count, ndup_error *error);

/* The same of the indexed text a and of the text b that has met the index last. */
ndup__shared_run ndup__longest_run_met(const ndup__shingle_index *a, const uint64_t *b,
                                       size_t b_count);

/* Up to `most` runs, longest first, that overlap in neither text; *runs is borrowed from the
 * finder. */
NDUP_NODISCARD ndup_status ndup__shared_runs(const ndup__shared_run **runs, size_t *run_count,
                                             ndup__run_finder *finder, const uint64_t *a,
                                             size_t a_count, const uint64_t *b, size_t b_count,
                                             size_t most, ndup_error *error);

void ndup__run_finder_deinit(ndup__run_finder *finder);

#endif
