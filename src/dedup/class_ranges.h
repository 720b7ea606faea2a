/* SPDX-License-Identifier: MIT */
/* Finding equal texts where a hash table over all of them would not fit the memory. */
#ifndef NDUP__DEDUP_CLASS_RANGES_H
#define NDUP__DEDUP_CLASS_RANGES_H

#include "base/pool.h"
#include "dedup/table.h"

/* Which share of a run's memory the work space may be. */
#define NDUP__CLASS_WORK_SHARE 4

/* Joins the classes of a table that gave documents classes of their own (`is_deferred`): afterwards
 * it is the table that a hash table from beginning to end would have made, column by column. Cost:
 * the hashes are read once for every range of them, and a range has as many classes as work_bytes
 * hold at 36 bytes each; all columns are read and written in order, but for 4 bytes a class. The
 * same result for any number of workers. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__class_ranges_join(ndup__table *table, uint64_t work_bytes,
                                                   ndup__pool *pool, ndup_error *error);

#endif
