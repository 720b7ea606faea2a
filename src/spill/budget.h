/* SPDX-License-Identifier: MIT */
/* The memory of a run: an allocator whose large blocks lie in temporary files once there are too
 * many of them, so that arrays need not know where they are. */
#ifndef NDUP__SPILL_BUDGET_H
#define NDUP__SPILL_BUDGET_H

#include <stdint.h>

#include "base/breath.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* Blocks from this size on can lie in files. What grows with the corpus comes in such blocks. */
#define NDUP__BUDGET_BLOCK ((size_t)1 << 20)

/* Threads: locked. Behind a fork blocks that lie in files are shared with the parent: to be read
 * and freed. */
typedef struct ndup__budget ndup__budget;

/* Makes one of `memory` bytes beside what the program has by now. Small blocks come from
 * `allocator`, and large ones, too, until these make half of it; then each large one is a file in
 * `folder` (NULL: TMPDIR or /tmp), and pages of files are taken out of memory as often as the
 * program has more: by those who touch them, when they breathe, and by a thread for those who do
 * not. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__budget_new(ndup__budget **budget, uint64_t memory,
                                            const char *folder, const ndup_allocator *allocator,
                                            ndup_error *error);

/* All blocks must have been freed; NULL is allowed. */
void ndup__budget_free(ndup__budget *budget);

/* Borrowed until the budget is freed. Its resize returns NULL for a full disk, too. */
const ndup_allocator *ndup__budget_allocator(const ndup__budget *budget);

/* Borrowed until the budget is freed, by loops over its blocks. Cost: next to nothing while there
 * are no files, some microseconds when there are. */
const ndup__breath *ndup__budget_breath(const ndup__budget *budget);

/* Most bytes of files there were at once. */
uint64_t ndup__budget_file_bytes(ndup__budget *budget);

/* Gives `status`, and what is the matter: where memory failed since a block had no room in files,
 * the status is IO and `error` says so. */
ndup_status ndup__budget_explain(ndup__budget *budget, ndup_status status, ndup_error *error);

#endif
