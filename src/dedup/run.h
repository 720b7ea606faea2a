/* SPDX-License-Identifier: MIT */
/* One run: what all its stages share. */
#ifndef NDUP__DEDUP_RUN_H
#define NDUP__DEDUP_RUN_H

#include "base/pool.h"
#include "base/stopwatch.h"
#include "cluster/keep.h"
#include "corpus/reader.h"
#include "dedup/table.h"
#include "neardup/dedup.h"
#include "pipeline/options.h"
#include "pipeline/progress.h"
#include "spill/budget.h"

struct ndup__keeper;

/* Threads: single-owner. */
typedef struct ndup__run {
    const ndup_dedup_options *options;
    const ndup_allocator *allocator;
    ndup_corpus *corpus;
    ndup__reporter reporter;
    struct ndup__keeper *keeper; /* of how far it is; NULL: nobody goes on */
    bool forecast_told;
    uint64_t memory;      /* bytes that it may take */
    ndup__budget *budget; /* of the allocator */
    bool has_unchecked;   /* classes whose documents could not be fetched to be compared */
    ndup__pool *pool;
    ndup__arena strings;
    ndup__keep_policy policy;
    ndup__shingling shingling;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    ndup__table table;
    ndup_summary summary;
    ndup__stopwatch *watches; /* [watch_count] of the workers */
    unsigned watch_count;
    ndup__tick_scale tick_scale;
} ndup__run;

/* The first pass: every document is read, tokenised, sketched and entered in the table, which is
 * then finished. */
NDUP_NODISCARD ndup_status ndup__first_pass(ndup__run *run, ndup_error *error);

/* The two steps of it: a table that more documents may be added to, and one that is judged. The
 * second joins the classes, compares the texts of each, seals, tells of ids that come again, and
 * ranks. */
NDUP_NODISCARD ndup_status ndup__read_table(ndup__run *run, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__finish_table(ndup__run *run, ndup_error *error);

/* The end of the second, for a table whose classes are joined and known to be of one text each. */
NDUP_NODISCARD ndup_status ndup__finish_checked(ndup__run *run, ndup_error *error);

#endif
