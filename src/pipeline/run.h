/* SPDX-License-Identifier: MIT */
/* One run: what all its stages share. */
#ifndef NDUP__PIPELINE_RUN_H
#define NDUP__PIPELINE_RUN_H

#include "base/pool.h"
#include "base/stopwatch.h"
#include "cluster/keep.h"
#include "corpus/reader.h"
#include "neardup/dedup.h"
#include "pipeline/progress.h"
#include "pipeline/table.h"
#include "text/tokenize.h"

/* How texts become shingles; the part of the options that the text layer needs. */
typedef struct ndup__shingling {
    ndup__token_mode mode;
    unsigned size;
    uint64_t seed;
} ndup__shingling;

/* Checks every option. Errors: INVALID or NOT_FOUND, naming the option, its value and what it must
 * be. */
NDUP_NODISCARD ndup_status ndup__options_check(const ndup_dedup_options *options,
                                               ndup_error *error);

ndup__shingling ndup__options_shingling(const ndup_dedup_options *options);

/* The run's sketch kind, cut into bands: *sketcher has as many slots as the bands need. */
NDUP_NODISCARD ndup_status ndup__options_sketcher(ndup_sketcher **sketcher, ndup_bands *bands,
                                                  const ndup_dedup_options *options,
                                                  ndup_error *error);

/* Threads: single-owner. */
typedef struct ndup__run {
    const ndup_dedup_options *options;
    const ndup_allocator *allocator;
    ndup_corpus *corpus;
    ndup__reporter reporter;
    bool forecast_told;
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

/* The first pass: every document is read, tokenised, sketched and entered in the table. */
NDUP_NODISCARD ndup_status ndup__first_pass(ndup__run *run, ndup_error *error);

#endif
