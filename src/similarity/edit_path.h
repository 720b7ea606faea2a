/* SPDX-License-Identifier: MIT */
/* The fewest tokens to take out of one sequence and put in to make another of it. */
#ifndef NDUP__SIMILARITY_EDIT_PATH_H
#define NDUP__SIMILARITY_EDIT_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* Edits that are looked ahead. */
#define NDUP__EDITS_MOST 256

/* Tokens [a, a + tokens) of the one are tokens [b, b + tokens) of the other. */
typedef struct ndup__aligned_run {
    uint32_t a, b;
    uint32_t tokens;
} ndup__aligned_run;

/* Runs in the order of both texts. */
typedef struct ndup__aligned_runs {
    ndup__aligned_run *items; /* [count] */
    size_t count, capacity;
} ndup__aligned_runs;

/* Adds a run behind the last one, or makes that longer. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__aligned_runs_add(ndup__aligned_runs *runs,
                                                  const ndup_allocator *allocator,
                                                  ndup__aligned_run run, ndup_error *error);

/* Two texts, of which [begin, end) is looked at. */
typedef struct ndup__text_gap {
    const uint64_t *a, *b; /* tokens of the whole texts */
    uint32_t a_begin, a_end;
    uint32_t b_begin, b_end;
} ndup__text_gap;

/* Work space: zero-initialise. Threads: single-owner. */
typedef struct ndup__edit_path {
    uint32_t *reach; /* how far each number of edits leads */
    size_t capacity;
} ndup__edit_path;

/* Adds the runs of a gap that are in common. No others have more tokens if NDUP__EDITS_MOST edits
 * suffice; else what leads furthest with so many is taken for right, and goes on from there. Cost:
 * at most twice so many comparisons a token. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__edit_path_add(ndup__aligned_runs *runs, ndup__edit_path *path,
                                               ndup__text_gap gap, const ndup_allocator *allocator,
                                               ndup_error *error);

#endif
